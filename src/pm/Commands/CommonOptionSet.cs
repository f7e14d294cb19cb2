using System.CommandLine;
using System.Globalization;
using Pm.Cli.Output;

namespace Pm.Cli.Commands;

/// <summary>The shared options of one command's parser, and the settings that they and <c>PM_*</c> make.</summary>
sealed class CommonOptionSet
{
    /// <summary>More connections to one server are rude, and no faster.</summary>
    const int MostJobs = 64;

    /// <summary>Shared options that take a value, for finding the command's words among them.</summary>
    static readonly string[] WithValue = ["--root", "--progress", "--jobs", "--lock-timeout", "--color", "--proxy", "--ca-file", "--project"];

    readonly Option<bool> _json = new("--json") { Description = "write one JSON document in place of text" };
    readonly Option<string> _root = new("--root") { Description = "work on the root DIR (default: PM_ROOT, then /usr/local for the super-user and ~/.local for others)", HelpName = "DIR" };
    readonly Option<string?> _project = new("--project") { Description = "work on the project in DIR (default: the working directory)", HelpName = "DIR" };
    readonly Option<bool> _dryRun = new("--dry-run", "-n") { Description = "print what would be done and touch nothing" };
    readonly Option<bool> _yes = new("--yes", "-y") { Description = "answer every question with yes" };
    readonly Option<bool> _noInput = new("--no-input") { Description = "never ask: fail where an answer is needed" };
    readonly Option<ProgressStyle?> _progress = Choice<ProgressStyle>("--progress", "STYLE", "show progress as auto, plain, json or none");
    readonly Option<TimeSpan?> _lockTimeout = Span("--lock-timeout", "wait so long for another pm to finish: 30s, 5m, 0 (default: 1m)");
    readonly Option<bool> _offline = new("--offline") { Description = "use only what is on this machine" };
    readonly Option<string?> _proxy = new("--proxy") { Description = "go through a proxy: HOST:PORT, a URL, or `none` (default: PM_PROXY, then http_proxy, https_proxy, all_proxy but for no_proxy)", HelpName = "PROXY" };
    readonly Option<string?> _certificates = new("--ca-file") { Description = "believe the authorities of a PEM file in place of the machine's (default: PM_CA_FILE)", HelpName = "FILE" };
    readonly Option<int?> _jobs = Number("--jobs", "have at most N requests under way at once (default: PM_JOBS, then 8)");
    readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "print only results and errors" };
    readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "print each request over the network, and its answer" };
    readonly Option<ColorChoice?> _color = Choice<ColorChoice>("--color", "WHEN", "colour: auto, always or never");

    public CommonOptionSet(CommonOptions takes)
    {
        var taken = new List<Option>();
        Take(CommonOptions.Root, _root);
        Take(CommonOptions.Project, _project);
        Take(CommonOptions.DryRun, _dryRun);
        Take(CommonOptions.Confirm, _yes, _noInput);
        Take(CommonOptions.LockTimeout, _lockTimeout);
        Take(CommonOptions.Offline, _offline);
        Take(CommonOptions.Network, _proxy, _certificates, _jobs, _verbose);
        Take(CommonOptions.Json, _json);
        Take(CommonOptions.Progress, _progress);
        taken.AddRange([_quiet, _color]);
        Options = taken;

        void Take(CommonOptions flag, params Option[] options)
        {
            if (takes.HasFlag(flag))
            {
                taken.AddRange(options);
            }
        }
    }

    /// <summary>In the order of the manual.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>Whether the word after <paramref name="option"/> is its value, wherever on the line it stands.</summary>
    public static bool TakesValue(string option) => WithValue.Contains(option);

    /// <summary>The settings that apply before any option is read.</summary>
    /// <remarks>A root that cannot be told (no HOME) is an error only of the command that needs one.</remarks>
    public static Settings Defaults(uint user, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        var named = Value("PM_ROOT");
        return new Settings
        {
            Root = Absolute(named ?? DefaultPaths.Root(user, environment)),
            RootIsNamed = named is not null,
            Store = Absolute(Value("PM_STORE") ?? DefaultPaths.Store(user, environment)),
            Cache = Absolute(Value("PM_CACHE") ?? DefaultPaths.Cache(user, environment)),
        };

        string? Absolute(string? path) => path is null || (workingDirectory.Length == 0 && !Path.IsPathFullyQualified(path))
            ? null
            : Path.GetFullPath(path, workingDirectory.Length == 0 ? "/" : workingDirectory);

        string? Value(string name) => environment.TryGetValue(name, out var value) && value.Length > 0 ? value : null;
    }

    /// <summary>The context for a run: flags over <c>PM_*</c> over defaults.</summary>
    public PmContext Apply(PmContext context, ParseResult parsed)
    {
        var settings = context.Settings with
        {
            Json = parsed.Given(_json),
            DryRun = parsed.Given(_dryRun),
            Yes = parsed.Given(_yes),
            NoInput = parsed.Given(_noInput) || context.Variable("PM_NO_INPUT") is not null,
            Quiet = parsed.Given(_quiet),
            Verbose = parsed.Given(_verbose),
            Offline = parsed.Given(_offline) || context.Variable("PM_OFFLINE") is not null,
            Proxy = parsed.Given(_proxy) ?? context.Variable("PM_PROXY"),
            CertificateFile = (parsed.Given(_certificates) ?? context.Variable("PM_CA_FILE")) is { } file ? context.FullPath(file) : null,
            Jobs = parsed.Given(_jobs) ?? JobsOf(context) ?? context.Settings.Jobs,
            Progress = parsed.Given(_progress) ?? ProgressStyle.Auto,
            LockTimeout = parsed.Given(_lockTimeout) ?? TimeOf(context, "PM_LOCK_TIMEOUT") ?? context.Settings.LockTimeout,
        };
        if (parsed.Given(_root) is { } root)
        {
            settings = settings with { Root = context.FullPath(root), RootIsNamed = true, RootIsGiven = true };
        }

        if (parsed.Given(_project) is { } project)
        {
            settings = settings with { Project = context.FullPath(project) };
        }

        context.Terminal.Color = parsed.Given(_color) ?? ColorChoice.Auto;
        context.Terminal.IsQuiet = settings.Quiet;
        return context with { Settings = settings };
    }

    /// <summary>What PM_JOBS says.</summary>
    internal static int? JobsOf(PmContext context) => context.Variable("PM_JOBS") switch
    {
        null => null,
        var text when TryCount(text, out var jobs) => jobs,
        var text => throw CommandException.Usage("PM1007", $"PM_JOBS: expected a number from 1 to {MostJobs}, got `{text}`"),
    };

    static TimeSpan? TimeOf(PmContext context, string variable) => context.Variable(variable) switch
    {
        null => null,
        var text when TryParse(text, out var time) => time,
        var text => throw CommandException.Usage("PM1007", $"{variable}: expected a time like 30s or 5m, got `{text}`"),
    };

    /// <summary>An option whose value is one of the members of <typeparamref name="T"/>, in lower case.</summary>
    static Option<T?> Choice<T>(string name, string helpName, string description) where T : struct, Enum
    {
        var option = new Option<T?>(name) { Description = description, HelpName = helpName };
        option.CustomParser = result =>
        {
            // Names are read here, not above: reflection would touch a megabyte at every start.
            var choices = Enum.GetNames<T>().Select(n => n.ToLowerInvariant()).ToArray();
            var index = Array.IndexOf(choices, result.Tokens[0].Value);
            if (index >= 0)
            {
                return Enum.GetValues<T>()[index];
            }

            result.AddError($"{name}: expected {string.Join(", ", choices)}, got `{result.Tokens[0].Value}`");
            return null;
        };
        return option;
    }

    /// <summary>An option whose value is a count.</summary>
    internal static Option<int?> Number(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            if (TryCount(result.Tokens[0].Value, out var number))
            {
                return number;
            }

            result.AddError($"{name}: expected a number from 1 to {MostJobs}, got `{result.Tokens[0].Value}`");
            return null;
        };
        return option;
    }

    static bool TryCount(string text, out int jobs) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out jobs) && jobs is >= 1 and <= MostJobs;

    /// <summary>An option whose value is a time: <c>30s</c>.</summary>
    internal static Option<TimeSpan?> Span(string name, string description)
    {
        var option = new Option<TimeSpan?>(name) { Description = description, HelpName = "TIME" };
        option.CustomParser = result =>
        {
            if (TryParse(result.Tokens[0].Value, out var time))
            {
                return time;
            }

            result.AddError($"{name}: expected a time like 30s or 5m, got `{result.Tokens[0].Value}`");
            return null;
        };
        return option;
    }

    /// <summary>Reads <c>30</c>, <c>30s</c>, <c>5m</c>, <c>2h</c>.</summary>
    static bool TryParse(string text, out TimeSpan time)
    {
        const int mostSeconds = 7 * 24 * 60 * 60;
        var unit = text.Length > 0 ? text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, _ => 0 } : 0;
        var digits = unit == 0 ? text : text[..^1];
        var ok = int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && (long)number * Math.Max(unit, 1) <= mostSeconds;
        time = ok ? TimeSpan.FromSeconds(number * Math.Max(unit, 1)) : default;
        return ok;
    }
}

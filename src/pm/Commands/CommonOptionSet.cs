using System.CommandLine;
using Pm.Cli.Configuration;

namespace Pm.Cli.Commands;

/// <summary>The shared options of one command's parser, and the settings that they and <c>PM_*</c> make.</summary>
sealed class CommonOptionSet
{
    /// <summary>Shared options that take a value, for finding the command's words among them.</summary>
    static readonly string[] WithValue = ["--root", "--progress", "--jobs", "--lock-timeout", "--minimum-age", "--color", "--proxy", "--ca-file", "--project"];

    readonly Option<bool> _json = new("--json") { Description = "write one JSON document in place of text" };
    readonly Option<string?> _project = new("--project") { Description = "work on the project in DIR (default: the working directory)", HelpName = "DIR" };
    readonly Option<bool> _dryRun = new("--dry-run", "-n") { Description = "print what would be done and touch nothing" };
    readonly Option<bool> _yes = new("--yes", "-y") { Description = "answer every question with yes" };
    readonly Option<bool> _quiet = new("--quiet", "-q") { Description = "print only results and errors" };
    readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "print each request over the network, and its answer" };

    /// <summary>Those that say a setting.</summary>
    readonly List<(Setting Setting, Option Option)> _settings = [];

    public CommonOptionSet(CommonOptions takes)
    {
        var taken = new List<Option>();
        TakeSetting(CommonOptions.Root, SettingTable.Root);
        Take(CommonOptions.Project, _project);
        Take(CommonOptions.DryRun, _dryRun);
        Take(CommonOptions.Confirm, _yes);
        TakeSetting(CommonOptions.Confirm, SettingTable.NoInput);
        TakeSetting(CommonOptions.LockTimeout, SettingTable.LockTimeout);
        TakeSetting(CommonOptions.MinimumAge, SettingTable.MinimumAge);
        TakeSetting(CommonOptions.Offline, SettingTable.Offline);
        TakeSetting(CommonOptions.Network, SettingTable.Proxy, SettingTable.CertificateFile, SettingTable.Jobs);
        Take(CommonOptions.Network, _verbose);
        Take(CommonOptions.Json, _json);
        TakeSetting(CommonOptions.Progress, SettingTable.Progress);
        taken.AddRange([_quiet, Of(SettingTable.Color)]);
        Options = taken;

        void Take(CommonOptions flag, Option option)
        {
            if (takes.HasFlag(flag))
            {
                taken.Add(option);
            }
        }

        void TakeSetting(CommonOptions flag, params ReadOnlySpan<Setting> settings)
        {
            foreach (var setting in settings)
            {
                if (takes.HasFlag(flag))
                {
                    taken.Add(Of(setting));
                }
            }
        }
    }

    /// <summary>In the order of the manual.</summary>
    public IReadOnlyList<Option> Options { get; }

    /// <summary>Whether the word after <paramref name="option"/> is its value, wherever on the line it stands.</summary>
    public static bool TakesValue(string option) => WithValue.Contains(option);

    /// <summary>The settings that apply before any option and any file is read.</summary>
    /// <remarks>A root that cannot be told (no HOME) is an error only of the command that needs one.</remarks>
    public static Settings Defaults(uint user, IReadOnlyDictionary<string, string> environment, string workingDirectory)
    {
        var named = Value(SettingTable.Root);
        return new Settings
        {
            Root = Absolute(named ?? DefaultPaths.Root(user, environment)),
            RootIsNamed = named is not null,
            Store = Absolute(Value(SettingTable.Store) ?? DefaultPaths.Store(user, environment)),
            Cache = Absolute(Value(SettingTable.Cache) ?? DefaultPaths.Cache(user, environment)),
        };

        string? Absolute(string? path) => path is null || (workingDirectory.Length == 0 && !Path.IsPathFullyQualified(path))
            ? null
            : Path.GetFullPath(path, workingDirectory.Length == 0 ? "/" : workingDirectory);

        string? Value(Setting setting) => environment.TryGetValue(setting.Variables[0].Name, out var value) && value.Length > 0 ? value : null;
    }

    /// <summary>The context for a run: flags over <c>PM_*</c> over files over defaults.</summary>
    /// <exception cref="CommandException">PM1007, PM1200–PM1203: a variable or a file says a setting wrongly.</exception>
    public PmContext Apply(PmContext context, ParseResult parsed, bool toleratesFaults = false)
    {
        context.Terminal.IsQuiet = parsed.Given(_quiet);
        var flags = new Dictionary<Setting, string>();
        foreach (var (setting, option) in _settings)
        {
            if (parsed.GetResult(option) is { Implicit: false } given)
            {
                flags.Add(setting, given.Tokens is [var token, ..] ? token.Value : SettingText.True);
            }
        }

        return new SettingSources(context, flags, toleratesFaults).Applied(context with
        {
            Settings = context.Settings with
            {
                Json = parsed.Given(_json),
                DryRun = parsed.Given(_dryRun),
                Yes = parsed.Given(_yes),
                Quiet = parsed.Given(_quiet),
                Verbose = parsed.Given(_verbose),
                Project = parsed.Given(_project) is { } project ? context.FullPath(project) : null,
            },
        });
    }

    /// <summary>The option that says a setting.</summary>
    Option Of(Setting setting)
    {
        Option option = setting.Form is SettingForm.Switch ? new Option<bool>(setting.Flag!) { Description = setting.Description } : (Option)WithText(setting);
        _settings.Add((setting, option));
        return option;
    }

    static Option<string?> WithText(Setting setting)
    {
        var before = setting.Variables.Count == 0 ? "" : $"{string.Join(", ", setting.Variables.Select(v => v.Name))}, then ";
        var option = new Option<string?>(setting.Flag!) { Description = $"{setting.Description} (default: {before}{setting.Otherwise})", HelpName = setting.ValueName };
        option.CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!setting.Accepts(text))
            {
                result.AddError($"{setting.Flag}: expected {setting.Expected}, got `{text}`");
            }

            return text;
        };
        return option;
    }

    /// <summary>An option whose value is a count.</summary>
    internal static Option<int?> Number(string name, string description)
    {
        var option = new Option<int?>(name) { Description = description, HelpName = "N" };
        option.CustomParser = result =>
        {
            if (SettingText.TryCount(result.Tokens[0].Value, out var number))
            {
                return number;
            }

            result.AddError($"{name}: expected {SettingText.Count}, got `{result.Tokens[0].Value}`");
            return null;
        };
        return option;
    }

    /// <summary>An option whose value is a time: <c>30s</c>.</summary>
    internal static Option<TimeSpan?> Span(string name, string description)
    {
        var option = new Option<TimeSpan?>(name) { Description = description, HelpName = "TIME" };
        option.CustomParser = result =>
        {
            if (SettingText.TryTime(result.Tokens[0].Value, out var time))
            {
                return time;
            }

            result.AddError($"{name}: expected {SettingText.Time}, got `{result.Tokens[0].Value}`");
            return null;
        };
        return option;
    }
}

using System.Collections.Immutable;
using Pm.Cli.Ebpf;
using Pm.Cli.Output;
using Pm.Linux;
using Pm.Packages;
using Pm.Remotes;
using Pm.Stages.Changes;
using Pm.Stages.Projects;

namespace Pm.Cli.Commands.Roots;

/// <summary>What a command line means by its packages: a local file first, then a URL, then a name.</summary>
sealed class Targets : IDisposable
{
    const string Suffix = ".pkg";

    readonly List<DownloadedFile> _downloads = [];

    Targets()
    {
    }

    public ImmutableArray<Dependency> Names { get; private set; } = [];

    public ImmutableArray<LocalFile> Files { get; private set; } = [];

    /// <summary>Finds out what is meant; what is at a URL is fetched.</summary>
    /// <param name="context">The run.</param>
    /// <param name="texts">As typed.</param>
    /// <param name="trustsUrls">Whether <c>--trust</c> was given.</param>
    /// <exception cref="CommandException">Neither a file nor a URL nor a name.</exception>
    public static async Task<Targets> ParseAsync(PmContext context, IReadOnlyCollection<string> texts, bool trustsUrls)
    {
        var targets = new Targets();
        try
        {
            using var urls = new UrlTargets(context, trustsUrls);
            foreach (var text in texts)
            {
                await targets.AddAsync(context, urls, text);
            }

            return targets;
        }
        catch
        {
            targets.Dispose();
            throw;
        }
    }

    /// <summary>Names alone.</summary>
    public static Targets Of(ImmutableArray<Dependency> names) => new() { Names = names };

    /// <summary>A file that was found already.</summary>
    public static Targets Of(LocalFile file) => new() { Files = [file] };

    /// <summary>A name, where only a name can be meant.</summary>
    public static Dependency NameOf(PmContext context, string text) => FileOf(context, text) is not null
        ? throw CommandException.Usage("PM1105", $"`{Hostile.OneLine(text)}`: expected a name, got a file", $"`pm pkg inspect {Hostile.OneLine(text)}` shows what is in it")
        : NameOf(text);

    static Dependency NameOf(string text) => PackageUrl.IsUrl(text)
        ? throw CommandException.Usage("PM1104", $"`{Hostile.OneLine(text)}`: expected a name, got a URL", "`pm install URL` takes one")
        : Dependency.TryParse(text, out var dependency)
            ? dependency
            : throw NoName(text, $"`{Hostile.OneLine(text)}` is no file, no URL and no package name", isFile: false);

    static CommandException NoName(string text, string message, bool isFile) => CommandException.Usage(
        "PM1105", message,
        !isFile && Dependency.TryParse(text.ToLowerInvariant(), out var small)
            ? $"names are in small letters: did you mean `{small}`?"
            : "a name is `NAME`, `OWNER/NAME` or either with `@VERSION`");

    /// <summary>What no package can be called was rather meant as a file.</summary>
    static CommandException Nothing(PmContext context, string text) => File.Exists(context.FullPath(text))
        ? CommandException.Usage("PM1105", $"`{Hostile.OneLine(text)}` is no package name, and the file of that name does not end in `{Suffix}`", $"`./{Hostile.OneLine(text)}` is the file")
        : NoName(text, $"no file `{Hostile.OneLine(text)}` is here, and it is no URL and no package name", isFile: text.Split('@')[0].Contains('.', StringComparison.Ordinal));

    public void Dispose() => _downloads.ForEach(d => d.Dispose());

    async Task AddAsync(PmContext context, UrlTargets urls, string text)
    {
        if (FileOf(context, text) is { } path)
        {
            if (ContentRecognition.Of(path) is ContentKind.Object or ContentKind.Eunomia)
            {
                throw new CommandException(ExitCode.Invalid, "PM1134", $"{Hostile.OneLine(text)}: an eBPF object or a package of eunomia's, and no package of pm's", $"`pm run {Hostile.OneLine(text)}` runs it as it is; a `[[module]]` with it as `source` makes a package");
            }

            Add(LocalFile.Read(path, text));
        }
        else if (PackageUrl.IsUrl(text))
        {
            Add(await urls.FetchAsync(text, _downloads));
        }
        else
        {
            var name = Dependency.TryParse(text, out var dependency) ? dependency : throw Nothing(context, text);
            RequireOnce(name.Name);
            Names = Names.Add(name);
        }
    }

    /// <summary>Known by its first member, wherever the name leads.</summary>
    /// <exception cref="CommandException">PM1106: it is one.</exception>
    static void RequireNoBundle(string path, string text)
    {
        if (!text.EndsWith(Suffix, StringComparison.Ordinal) && IsBundle(path))
        {
            throw CommandException.Usage("PM1106", $"{Hostile.OneLine(text)}: a bundle; expected a .pkg file", $"`pm install --bundle {Hostile.OneLine(text)}`");
        }
    }

    /// <summary>What cannot be read, or would be waited for, is none: the word may be a name all the same.</summary>
    static bool IsBundle(string path)
    {
        try
        {
            if (FileStatus.Of(path) is not { IsRegular: true })
            {
                return false;
            }

            Span<byte> begin = stackalloc byte[Math.Max("asked/"u8.Length, "needed/"u8.Length)];
            using var file = File.OpenHandle(path);
            begin = begin[..RandomAccess.Read(file, begin, 0)];
            return begin.StartsWith("asked/"u8) || begin.StartsWith("needed/"u8);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or SystemCallException)
        {
            return false;
        }
    }

    void Add(LocalFile file)
    {
        RequireOnce(file.Id.Name);
        Files = Files.Add(file);
    }

    void RequireOnce(PackageName name)
    {
        if (Names.Any(n => n.Name == name) || Files.Any(f => f.Id.Name == name))
        {
            throw CommandException.Usage("PM1107", $"can only ask to install {name} once");
        }
    }

    /// <summary>A file by what it is; a `.pkg` that is missing is said to be missing, not looked up as a name.</summary>
    static string? FileOf(PmContext context, string text)
    {
        if (PackageUrl.IsUrl(text))
        {
            return null;
        }

        var path = context.FullPath(text);
        if (File.Exists(path))
        {
            RequireNoBundle(path, text);
            return text.Contains('/', StringComparison.Ordinal) || text.EndsWith(Suffix, StringComparison.Ordinal) ? path : null;
        }

        return text.EndsWith(Suffix, StringComparison.Ordinal)
            || text.StartsWith("./", StringComparison.Ordinal) || text.StartsWith("../", StringComparison.Ordinal)
            || Path.IsPathFullyQualified(text)
            ? throw (Directory.Exists(path) ? IsDirectory(path, text) : new CommandException(ExitCode.NotFound, "PM1106", $"{Hostile.OneLine(text)}: no such file"))
            : null;
    }

    /// <summary>A directory where a file is needed. One with a manifest has to be built: what is in it is no package yet.</summary>
    /// <param name="path">Absolute.</param>
    /// <param name="text">As typed.</param>
    public static CommandException IsDirectory(string path, string text)
    {
        var shown = Hostile.OneLine(text);
        return new CommandException(
            ExitCode.NotFound, "PM1106", $"{shown}: a directory; expected a .pkg file",
            ManifestFile.Find(path) is null ? $"`pm pkg create {shown}` makes a package of it" : $"`pm build {shown}` makes a package of it");
    }
}

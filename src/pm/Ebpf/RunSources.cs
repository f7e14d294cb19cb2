using Pm.Cli.Commands.Roots;
using Pm.Cli.Output;
using Pm.Remotes;
using Pm.Remotes.Oci;
using Pm.Stages.Changes;
using Pm.Stages.Running;

namespace Pm.Cli.Ebpf;

/// <summary>What a word of the command line names that is no name of a package: a local file first, then a URL.</summary>
static class RunSources
{
    public const string StandardInput = "-";

    /// <summary>Words that end so are meant as files; what is in a file says what it is all the same.</summary>
    static readonly string[] Suffixes = [".o", ".bpf", ".ebpf", ".json", ".tar", ".wasm"];

    /// <summary>The file that is meant; null when only a name can be.</summary>
    /// <exception cref="CommandException">PM0008: it is meant as a file, and there is none; PM1104: nothing vouches for the URL.</exception>
    public static async Task<RunSource?> FindAsync(PmContext context, string target, bool trustsUrls)
    {
        if (target == StandardInput)
        {
            var input = InputCopy.Take(context);
            return new RunSource(input.Path, target, ContentRecognition.Of(input.Path)) { Held = input };
        }

        if (PackageUrl.IsUrl(target))
        {
            return await FetchAsync(context, target, trustsUrls);
        }

        var path = context.FullPath(target);
        return File.Exists(path) ? OfFile(path, target)
            : IsMeantAsFile(target) && !Directory.Exists(path) ? throw new CommandException(ExitCode.NotFound, "PM0008", $"no such file: {Hostile.OneLine(target)}")
            : null;
    }

    /// <summary>Brings what a URL names here.</summary>
    public static async Task<RunSource> FetchAsync(PmContext context, string url, bool trustsUrls)
    {
        var downloads = new List<DownloadedFile>();
        using var urls = new UrlTargets(context, trustsUrls);
        var path = OciReference.IsOne(url) ? await urls.DownloadAsync(OciReference.Parse(url), downloads) : await urls.DownloadAsync(PackageUrl.Parse(url), downloads);
        return new RunSource(path, url, ContentRecognition.Of(path)) { Held = downloads is [var only] ? only : null };
    }

    /// <summary>Who calls a command that a package has for its object knows nothing of a path.</summary>
    static RunSource OfFile(string path, string target) => EbpfCommand.CommandOf(target) is { } command
        ? new RunSource(path, command, KindOf(path, target)) { Origin = path, IsCommand = true }
        : new RunSource(path, target, KindOf(path, target));

    static bool IsMeantAsFile(string target) => Suffixes.Any(s => target.EndsWith(s, StringComparison.Ordinal));

    /// <summary>One that is named like an object is taken for one where nothing else is found in it: its reader says best why it is none.</summary>
    static ContentKind KindOf(string path, string target)
    {
        var kind = ContentRecognition.Of(path);
        return kind is ContentKind.Other && ObjectFile.IsNamedLikeOne(target) ? ContentKind.Object : kind;
    }
}

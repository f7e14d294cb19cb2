using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;

namespace Pm.Cli.Commands.Publishing;

/// <summary>Where packages go: a repository's directory on this machine, or one that a pmd serves.</summary>
/// <param name="Directory">Absolute; null: over the network.</param>
/// <param name="Url">Null: to the directory.</param>
sealed record PublishingTarget(string? Directory, RemoteUrl? Url)
{
    const string Hint = "`--to DIR`, `--to https://HOST/PATH`, or `--to NAME` as `pm remote list` shows it";

    public static Option<string?> Option() => new("--to")
    {
        Description = "a repository's directory, URL or remote (default: PM_REPO, then the only remote)",
        HelpName = "REPOSITORY",
    };

    /// <summary>A directory first, then a URL, then a remote's name.</summary>
    /// <exception cref="CommandException">PM1161: it is none of them, or it cannot be told which is meant.</exception>
    public static PublishingTarget Find(PmContext context, string? word)
    {
        if ((word ?? context.Variable("PM_REPO")) is not { } text)
        {
            return OnlyRemote(context);
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return Of(RemoteUrl.Parse(text, context.WorkingDirectory));
        }

        if (System.IO.Directory.Exists(context.FullPath(text)))
        {
            return new PublishingTarget(context.FullPath(text), null);
        }

        using var session = RootAccess.TryOpen(context);
        return session?.Remotes.Find(text) is { } remote ? Of(remote.Url) : throw CommandException.Usage(
            "PM1161", $"`{Hostile.OneLine(text)}` is no directory, no URL and no remote of {context.Settings.Root}", Hint);
    }

    static PublishingTarget OnlyRemote(PmContext context)
    {
        using var session = RootAccess.TryOpen(context);
        var remotes = session?.Remotes.Remotes ?? [];
        return remotes is [var only] ? Of(only.Url) : throw CommandException.Usage(
            "PM1161", remotes.IsEmpty ? "it is not said where to" : $"it is not said to which remote: {string.Join(", ", remotes.Select(Name))}", Hint);

        static string Name(RemoteDefinition remote) => remote.Name;
    }

    /// <summary>A file remote may name what is served; the repository is around it.</summary>
    static PublishingTarget Of(RemoteUrl url) => url.Path is not { } path ? new PublishingTarget(null, url)
        : System.IO.Directory.Exists(Path.Join(path, "repository")) || Path.GetFileName(path) != "repository" ? new PublishingTarget(path, null)
        : new PublishingTarget(Path.GetDirectoryName(path), null);
}

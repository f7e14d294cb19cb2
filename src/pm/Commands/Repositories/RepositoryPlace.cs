using System.CommandLine;
using Pm.Repositories;
using Pm.Repositories.Auditing;

namespace Pm.Cli.Commands.Repositories;

/// <summary>Which repository a command means: <c>--repo DIR</c>, a directory on the line, PM_REPO, or the working directory.</summary>
static class RepositoryPlace
{
    public static Option<string?> Option() => new("--repo")
    {
        Description = "the repository's directory (default: PM_REPO, then the working directory)",
        HelpName = "DIR",
    };

    public static Argument<string?> Argument() => new("DIR")
    {
        Description = "the repository's directory (default: PM_REPO, then the working directory)",
        Arity = ArgumentArity.ZeroOrOne,
    };

    /// <summary>The absolute path of the directory that is meant.</summary>
    public static string Path(PmContext context, string? named) =>
        context.FullPath(named ?? context.Variable("PM_REPO") ?? ".");

    /// <summary>Opens it.</summary>
    /// <exception cref="CommandException">PM1163: a server was named.</exception>
    public static DirectoryRepository Open(PmContext context, string? named) =>
        (named ?? context.Variable("PM_REPO")) is { } text && text.Contains("://", StringComparison.Ordinal)
            ? throw CommandException.Usage(
                "PM1163", $"`{Output.Hostile.OneLine(text)}` is a URL, and this needs the directory of a repository",
                "over the network go `pm publish --to URL`, `pm yank --to URL`, `pm token … --remote URL` and `pm repo audit --remote URL`")
            : DirectoryRepository.Open(Path(context, named));

    /// <summary>Who changes it in this run.</summary>
    public static RepositoryAccess Access(PmContext context) => new(context.CommandLine, context.Time)
    {
        Actor = AuditActor.Local,
        LockTimeout = context.Settings.LockTimeout,
        Cancellation = context.Cancellation,
    };
}

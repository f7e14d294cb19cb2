using System.CommandLine;
using Pm.Packages;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo yank [--repo DIR] NAME@VERSION…</c></summary>
static class RepoYankCommand
{
    public const string Summary = "withdraw versions: nobody gets them who does not name them exactly";

    public static CommandDeclaration Declare()
    {
        var packages = PublishedVersion.Argument();
        var repository = RepositoryPlace.Option();
        var reason = new Option<string?>("--reason") { Description = "why, shown to users", HelpName = "TEXT" };
        var undo = new Option<bool>("--undo") { Description = "take the withdrawal back" };
        return new CommandDeclaration
        {
            Arguments = [packages],
            Options = [repository, reason, undo],
            Takes = CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.GetValue(repository), [.. parsed.GetRequiredValue(packages).Select(PublishedVersion.Parse)],
                parsed.GetValue(reason), parsed.GetValue(undo))),
        };
    }

    static ExitCode Run(PmContext context, string? directory, List<PackageId> packages, string? reason, bool undo)
    {
        if (undo && reason is not null)
        {
            throw CommandException.Usage("PM1141", "--reason says why something is withdrawn; with --undo there is nothing to say");
        }

        var repository = RepositoryPlace.Open(context, directory);
        PublishedVersion.RequireThere(repository, packages);
        foreach (var package in packages)
        {
            if (context.Settings.DryRun)
            {
                context.Terminal.Note($"would {(undo ? "unyank" : "yank")} {package}");
                continue;
            }

            var access = RepositoryPlace.Access(context);
            var changed = undo ? repository.Unyank(package, access) : repository.Yank(package, reason, access);
            context.Terminal.Data($"{(undo ? "unyanked" : "yanked")}\t{package}{(changed ? "" : "\tunchanged")}");
        }

        return ExitCode.Ok;
    }
}

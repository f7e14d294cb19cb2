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
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(repository), [.. parsed.GetRequiredValue(packages).Select(PublishedVersion.Parse)],
                parsed.Given(reason), parsed.Given(undo))),
        };
    }

    internal static ExitCode Run(PmContext context, string? directory, List<PackageId> packages, string? reason, bool undo)
    {
        YankOutcome.RequireReason(reason, undo);
        var repository = RepositoryPlace.Open(context, directory);
        PublishedVersion.RequireThere(repository, packages);
        var changed = new List<PackageId>();
        foreach (var package in packages)
        {
            if (!context.Settings.DryRun && Change(package))
            {
                changed.Add(package);
            }
        }

        YankOutcome.Write(context, packages, changed, undo);
        return ExitCode.Ok;

        bool Change(PackageId package)
        {
            var access = RepositoryPlace.Access(context);
            return undo ? repository.Unyank(package, access) : repository.Yank(package, reason, access);
        }
    }
}

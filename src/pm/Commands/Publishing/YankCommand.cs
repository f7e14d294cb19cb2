using System.CommandLine;
using Pm.Cli.Commands.Repositories;
using Pm.Packages;

namespace Pm.Cli.Commands.Publishing;

/// <summary><c>pm yank [--to REPOSITORY] NAME@VERSION…</c></summary>
static class YankCommand
{
    public const string Summary = "withdraw published versions, over the network or in a directory";

    public static CommandDeclaration Declare()
    {
        var packages = PublishedVersion.Argument();
        var to = PublishingTarget.Option();
        var reason = new Option<string?>("--reason") { Description = "why, shown to users", HelpName = "TEXT" };
        var undo = new Option<bool>("--undo") { Description = "take the withdrawal back" };
        var server = new ServerOptions();
        return new CommandDeclaration
        {
            Arguments = [packages],
            Options = [to, reason, undo, .. server.All],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Refused, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.Temporary],
            RunAsync = async (context, parsed) =>
            {
                List<PackageId> ids = [.. parsed.GetRequiredValue(packages).Select(PublishedVersion.Parse)];
                var target = PublishingTarget.Find(context, parsed.Given(to));
                if (target.Url is null)
                {
                    return RepoYankCommand.Run(context, target.Directory, ids, parsed.Given(reason), parsed.Given(undo));
                }

                YankOutcome.RequireReason(parsed.Given(reason), parsed.Given(undo));
                using var client = server.Open(context, parsed, target.Url);
                if (context.Settings.DryRun)
                {
                    await ServerPreview.YankAsync(context, client, ids);
                }

                var changed = new List<PackageId>();
                foreach (var id in ids)
                {
                    if (!context.Settings.DryRun
                        && await client.YankAsync(id, parsed.Given(reason), parsed.Given(undo), context.Cancellation))
                    {
                        changed.Add(id);
                    }
                }

                YankOutcome.Write(context, ids, changed, parsed.Given(undo));
                return ExitCode.Ok;
            },
        };
    }
}

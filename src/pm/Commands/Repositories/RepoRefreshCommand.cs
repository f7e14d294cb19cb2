using System.CommandLine;
using Pm.Cli.Output;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo refresh [DIR]</c></summary>
static class RepoRefreshCommand
{
    public const string Summary = "sign the present state again before it expires";

    public static CommandDeclaration Declare()
    {
        var directory = RepositoryPlace.Argument();
        var repository = RepositoryPlace.Option();
        var ifNeeded = new Option<bool>("--if-needed") { Description = "only roles that have less than half of their time left, for a timer" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, ifNeeded],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(directory) ?? parsed.Given(repository), parsed.Given(ifNeeded))),
        };
    }

    static ExitCode Run(PmContext context, string? directory, bool ifNeeded)
    {
        var repository = RepositoryPlace.Open(context, directory);
        if (context.Settings.DryRun)
        {
            Outcome.Write(
                context, "refresh", json => json.WriteString("expires"u8, repository.Expires.UtcDateTime),
                () => context.Terminal.Note($"would sign again what expires on {repository.Expires:yyyy-MM-dd}"));
            return ExitCode.Ok;
        }

        var renewed = repository.Refresh(ifNeeded, RepositoryPlace.Access(context));
        Outcome.Write(
            context,
            "refresh",
            json =>
            {
                Outcome.WriteTexts(json, "renewed", renewed);
                json.WriteString("expires"u8, repository.Expires.UtcDateTime);
            },
            () =>
            {
                foreach (var role in renewed)
                {
                    context.Terminal.Data($"renewed\t{role}");
                }

                context.Terminal.Note($"clients believe this state until {repository.Expires:yyyy-MM-dd}");
            });
        return ExitCode.Ok;
    }
}

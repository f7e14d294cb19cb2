using System.CommandLine;
using Pm.Cli.Output;
using Pm.Repositories;

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
        var role = new Option<string[]>("--role") { Description = "renew root or targets, also where others must sign: then the change waits for them", HelpName = "ROLE" };
        var key = RoleKeyOptions.KeyOption("a file of secret keys that lie elsewhere: they sign this time and are not kept");
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [repository, ifNeeded, role, key],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Findings, ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.Given(directory) ?? parsed.Given(repository), parsed.Given(ifNeeded), parsed.Given(role) ?? [], RoleKeyOptions.Access(context, parsed.Given(key)))),
        };
    }

    static ExitCode Run(PmContext context, string? directory, bool ifNeeded, string[] roles, RepositoryAccess access)
    {
        var repository = RepositoryPlace.Open(context, directory);
        if (roles.Length > 0)
        {
            return Renew(context, repository, ifNeeded, roles, access);
        }

        if (access.Keys.Count > 0)
        {
            throw CommandException.Usage("PM1143", "--key brings the keys of a role whose keys are elsewhere: which is to be renewed?", "name it: --role root, --role targets or both");
        }

        return Refresh(context, repository, ifNeeded, access);
    }

    static ExitCode Refresh(PmContext context, DirectoryRepository repository, bool ifNeeded, RepositoryAccess access)
    {
        var isDry = context.Settings.DryRun;
        var renewed = isDry ? repository.ToRefresh(ifNeeded, access) : repository.Refresh(ifNeeded, access);
        var now = context.Time.GetUtcNow();
        var expired = repository.Expired(now).Where(role => !isDry || !renewed.Contains(role.Role)).ToList();
        Outcome.Write(
            context,
            "refresh",
            json =>
            {
                Outcome.WriteTexts(json, "renewed", renewed);
                json.WriteString("expires"u8, repository.Expires.UtcDateTime);
                Outcome.WriteTexts(json, "expired", expired.Select(role => role.Role));
            },
            () =>
            {
                foreach (var role in renewed)
                {
                    context.Terminal.Data($"{(isDry ? "would renew" : "renewed")}\t{role}");
                }

                SayState(context, repository, renewed, expired);
                ExpiryNotice.Say(context, repository);
            });
        return expired.Count > 0 ? ExitCode.Findings : ExitCode.Ok;
    }

    static void SayState(PmContext context, DirectoryRepository repository, IReadOnlyList<string> renewed, IReadOnlyList<RoleExpiry> expired)
    {
        if (expired is [var first, ..])
        {
            context.Terminal.Say($"nobody believes this state since {first.Expires:yyyy-MM-dd}: {string.Join(" and ", expired.Select(role => role.Role))} expired");
        }
        else if (renewed.Count == 0 || !context.Settings.DryRun)
        {
            context.Terminal.Note($"clients believe this state until {repository.Expires:yyyy-MM-dd}");
        }
    }

    static ExitCode Renew(PmContext context, DirectoryRepository repository, bool ifNeeded, string[] roles, RepositoryAccess access)
    {
        if (ifNeeded || roles.FirstOrDefault(role => role is not ("root" or "targets")) is not null)
        {
            throw CommandException.Usage("PM1143", ifNeeded
                ? "--if-needed is for a timer, and --role for people who sign"
                : "--role takes root or targets: the others are signed here, and renewed without it");
        }

        var outcome = repository.Renew([.. roles.Distinct()], context.Settings.DryRun, access);
        ChangeReport.Write(context, outcome, Path.Join(repository.Path, "pending.json"));
        RoleKeyOptions.NoteUnused(context, outcome, access);
        return ExitCode.Ok;
    }
}

using System.CommandLine;
using Pm.Cli.Commands.Repositories;
using Pm.Cli.Output;
using Pm.Repositories;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Trust;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token revoke [--repo DIR] ID…</c></summary>
static class TokenRevokeCommand
{
    public const string Summary = "end tokens at once and for good";

    public static CommandDeclaration Declare()
    {
        var ids = new Argument<string[]>("ID") { Description = "a token, as `pm token list` shows it", Arity = ArgumentArity.OneOrMore };
        var repository = RepositoryPlace.Option();
        return new CommandDeclaration
        {
            Arguments = [ids],
            Options = [repository],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetValue(repository), [.. parsed.GetRequiredValue(ids).Distinct()])),
        };
    }

    static ExitCode Run(PmContext context, string? directory, List<string> ids)
    {
        var repository = RepositoryPlace.Open(context, directory);
        using var database = RepositoryDatabase.TryOpen(repository.Path);

        // All are looked for before the first is ended.
        foreach (var id in ids.Where(id => database?.Tokens.Find(id) is null))
        {
            throw new RepositoryException("PM5037", $"{repository.Path}: there is no token {ShownText.Of(id)}", $"pm token list --repo {repository.Path}");
        }

        var revoked = ids.Where(id => !context.Settings.DryRun && database!.Tokens.Revoke(id, AuditActor.Local, context.Time.GetUtcNow())).ToList();
        Outcome.Write(
            context,
            "tokens-revoked",
            json =>
            {
                Outcome.WriteTexts(json, "tokens", ids);
                Outcome.WriteTexts(json, "changed", context.Settings.DryRun ? ids : revoked);
            },
            () => ids.ForEach(Say));
        return ExitCode.Ok;

        void Say(string id)
        {
            if (context.Settings.DryRun)
            {
                context.Terminal.Note($"would revoke {id}");
                return;
            }

            context.Terminal.Data($"revoked\t{id}{(revoked.Contains(id) ? "" : "\tunchanged")}");
        }
    }
}

using System.CommandLine;
using Pm.Cli.Output;
using Pm.Repositories;
using Pm.Repositories.Tokens;
using Pm.Trust;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token revoke [--repo DIR | --remote REMOTE] ID…</c></summary>
static class TokenRevokeCommand
{
    public const string Summary = "end tokens at once and for good";

    public static CommandDeclaration Declare()
    {
        var ids = new Argument<string[]>("ID") { Description = "a token, as `pm token list` shows it, or its secret", Arity = ArgumentArity.OneOrMore };
        var place = new TokenPlace();
        return new CommandDeclaration
        {
            Arguments = [ids],
            Options = place.Options,
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Unreachable, ExitCode.Temporary],
            Complete = (_, _) => [],
            RunAsync = async (context, parsed) =>
            {
                using var keeper = place.Open(context, parsed);
                return await RunAsync(context, keeper, [.. parsed.GetRequiredValue(ids).Select(IdOf).Distinct()]);
            },
        };
    }

    /// <summary>Who finds a token that leaked has its secret, and no list. The text is in no message: it may be good still.</summary>
    static string IdOf(string word) => TokenSecret.TryParse(word.Trim(), out var secret) ? secret.Id
        : word.TrimStart().StartsWith(TokenSecret.Prefix, StringComparison.Ordinal)
            ? throw new RepositoryException("PM5037", "what begins with pm_ is a secret, and this one is cut off or mistyped", "pm token list")
        : word;

    static async ValueTask<ExitCode> RunAsync(PmContext context, ITokenKeeper keeper, List<string> ids)
    {
        // All are looked for before the first is ended.
        var known = (await keeper.ListAsync(context.Cancellation)).Select(token => token.Id).ToHashSet();
        if (ids.Find(id => !known.Contains(id)) is { } unknown)
        {
            throw new RepositoryException("PM5037", $"there is no token {ShownText.Of(unknown)}", "pm token list");
        }

        var revoked = new List<string>();
        foreach (var id in ids)
        {
            if (!context.Settings.DryRun && await keeper.RevokeAsync(id, context.Cancellation))
            {
                revoked.Add(id);
            }
        }

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

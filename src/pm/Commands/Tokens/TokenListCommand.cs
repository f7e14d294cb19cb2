using Pm.Cli.Output;
using Pm.Remotes.Publishing;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token list [--repo DIR | --remote REMOTE]</c></summary>
static class TokenListCommand
{
    public const string Summary = "list the tokens of a repository, never their secrets";

    public static CommandDeclaration Declare()
    {
        var place = new TokenPlace();
        return new CommandDeclaration
        {
            Options = place.Options,
            Takes = CommonOptions.Reads | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Unreachable, ExitCode.Temporary],
            RunAsync = async (context, parsed) =>
            {
                using var keeper = place.Open(context, parsed);
                Write(context, await keeper.ListAsync(context.Cancellation));
                return ExitCode.Ok;
            },
        };
    }

    static void Write(PmContext context, IReadOnlyList<RemoteToken> tokens)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "token-list", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("tokens"u8);
                foreach (var token in tokens)
                {
                    json.WriteStartObject();
                    TokenJson.WriteMembers(json, token);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
            });
            return;
        }

        var table = new Table("ID", "STATE", "SCOPES", "EXPIRES", "LAST USED", "NOTE");
        foreach (var token in tokens)
        {
            table.Add(
                token.Id, token.State, string.Join(' ', token.Scopes), Day(token.Expires), Day(token.LastUsed),
                token.Note.Length == 0 ? "-" : token.Note);
        }

        table.Write(context.Terminal);
    }

    static string Day(DateTimeOffset? time) => time is { } known ? $"{known:yyyy-MM-dd}" : "never";
}

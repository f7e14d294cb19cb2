using Pm.Cli.Commands.Repositories;
using Pm.Cli.Output;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token list [--repo DIR]</c></summary>
static class TokenListCommand
{
    public const string Summary = "list the tokens of a repository, never their secrets";

    public static CommandDeclaration Declare()
    {
        var repository = RepositoryPlace.Option();
        return new CommandDeclaration
        {
            Options = [repository],
            Takes = CommonOptions.Json,
            Exits = [ExitCode.NotFound],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetValue(repository))),
        };
    }

    static ExitCode Run(PmContext context, string? directory)
    {
        var repository = RepositoryPlace.Open(context, directory);
        using var database = RepositoryDatabase.TryOpen(repository.Path);
        Write(context, database?.Tokens.List() ?? []);
        return ExitCode.Ok;
    }

    static void Write(PmContext context, IReadOnlyList<Token> tokens)
    {
        var now = context.Time.GetUtcNow();
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "token-list", json =>
            {
                json.WriteStartObject();
                json.WriteStartArray("tokens"u8);
                foreach (var token in tokens)
                {
                    TokenJson.Write(json, token, now);
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
                token.Id, TokenJson.StateOf(token, now), string.Join(' ', token.Scopes), Day(token.Expires), Day(token.LastUsed),
                token.Note.Length == 0 ? "-" : token.Note);
        }

        table.Write(context.Terminal);
    }

    static string Day(DateTimeOffset? time) => time is { } known ? $"{known:yyyy-MM-dd}" : "never";
}

using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Commands.Repositories;
using Pm.Cli.Output;
using Pm.Repositories.Auditing;
using Pm.Repositories.Database;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token create [--repo DIR] SCOPE…</c></summary>
static class TokenCreateCommand
{
    public const string Summary = "make a token, which lets somebody publish over the network";

    public static CommandDeclaration Declare()
    {
        var scopes = new Argument<string[]>("SCOPE")
        {
            Description = "what it allows: `publish:GLOB`, `yank`, `yank:GLOB` or `admin`",
            Arity = ArgumentArity.OneOrMore,
        };
        var repository = RepositoryPlace.Option();
        var expires = TokenExpiry.Option();
        var note = new Option<string?>("--note") { Description = "what it is for, shown by `pm token list`", HelpName = "TEXT" };
        return new CommandDeclaration
        {
            Arguments = [scopes],
            Options = [repository, expires, note],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context,
                parsed.GetValue(repository),
                new NewToken(
                    [.. parsed.GetRequiredValue(scopes).Select(TokenScope.Parse)],
                    parsed.GetValue(note) ?? "",
                    TokenExpiry.Parse(parsed.GetValue(expires), context.Time.GetUtcNow())))),
        };
    }

    static ExitCode Run(PmContext context, string? directory, NewToken wanted)
    {
        var now = context.Time.GetUtcNow();
        wanted.Checked(now);
        var repository = RepositoryPlace.Open(context, directory);
        if (context.Settings.DryRun)
        {
            Outcome.Write(context, "token", json => Write(json, wanted, null), () => context.Terminal.Note($"would make a token for {Scopes(wanted)}"));
            return ExitCode.Ok;
        }

        using var database = RepositoryDatabase.OpenOrCreate(repository.Path);
        var (_, secret) = database.Tokens.Create(wanted, AuditActor.Local, now);
        Outcome.Write(
            context,
            "token",
            json => Write(json, wanted, secret),
            () =>
            {
                context.Terminal.Data(secret.Text);
                context.Terminal.Note($"token {secret.Id} for {Scopes(wanted)}, {Until(wanted.Expires)}: it is shown this once");
            });
        return ExitCode.Ok;
    }

    static void Write(Utf8JsonWriter json, NewToken wanted, TokenSecret? secret)
    {
        if (secret is not null)
        {
            json.WriteString("id"u8, secret.Id);
            json.WriteString("token"u8, secret.Text);
        }

        TokenJson.WriteWanted(json, wanted);
    }

    static string Scopes(NewToken wanted) => string.Join(", ", wanted.Scopes);

    static string Until(DateTimeOffset? expires) => expires is { } end ? $"good until {end:yyyy-MM-dd}" : "good for ever";
}

using System.CommandLine;
using Pm.Cli.Output;
using Pm.Repositories.Tokens;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token create [--repo DIR | --remote REMOTE] SCOPE…</c></summary>
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
        var place = new TokenPlace();
        var expires = TokenExpiry.Option();
        var note = new Option<string?>("--note") { Description = "what it is for, shown by `pm token list`", HelpName = "TEXT" };
        return new CommandDeclaration
        {
            Arguments = [scopes],
            Options = [expires, note, .. place.Options],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Unreachable, ExitCode.Temporary],
            RunAsync = (context, parsed) => RunAsync(
                context,
                () => place.Open(context, parsed),
                new NewToken(
                    [.. parsed.GetRequiredValue(scopes).Select(TokenScope.Parse)],
                    parsed.Given(note) ?? "",
                    TokenExpiry.Parse(parsed.Given(expires), context.Time.GetUtcNow()))),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, Func<ITokenKeeper> open, NewToken wanted)
    {
        wanted.Checked(context.Time.GetUtcNow());
        using var keeper = open();
        var scopes = string.Join(", ", wanted.Scopes);
        if (context.Settings.DryRun)
        {
            Outcome.Write(
                context, "token", json => TokenJson.WriteWanted(json, wanted), () => context.Terminal.Note($"would make a token for {scopes}"));
            return ExitCode.Ok;
        }

        var (token, secret) = await keeper.CreateAsync(wanted, context.Cancellation);
        Outcome.Write(
            context,
            "token",
            json =>
            {
                json.WriteString("id"u8, token.Id);
                json.WriteString("token"u8, secret);
                TokenJson.WriteWanted(json, wanted);
            },
            () =>
            {
                context.Terminal.Data(secret);
                context.Terminal.Note($"token {token.Id} for {scopes}, {TokenExpiry.Text(wanted.Expires)}: it is shown this once");
            });
        return ExitCode.Ok;
    }
}

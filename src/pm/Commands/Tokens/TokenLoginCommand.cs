using System.CommandLine;
using Pm.Cli.Commands.Publishing;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Remotes.Publishing;
using Pm.Stages.Publishing;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token login REMOTE</c></summary>
static class TokenLoginCommand
{
    public const string Summary = "keep a token, to publish with it from now on";

    public static CommandDeclaration Declare()
    {
        var remote = new Argument<string>("REMOTE") { Description = "the URL of a repository, or a remote as `pm remote list` shows it" };
        var server = new ServerOptions("the terminal, or standard input where there is none");
        return new CommandDeclaration
        {
            Arguments = [remote],
            Options = server.All,
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout | CommonOptions.Offline | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Refused, ExitCode.Unreachable, ExitCode.LockBusy, ExitCode.Temporary],
            Complete = Remotes.RemoteNames.Complete,
            RunAsync = (context, parsed) =>
            {
                var url = TokenPlace.Url(context, parsed.GetRequiredValue(remote));
                return RunAsync(context, url, server.Ask(context, parsed, url));
            },
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, RemoteUrl url, string secret)
    {
        // One that is not good is found out now, and not when something is to be published.
        var token = context.Settings.Offline ? null : await DescribeAsync(context, url, secret);
        if (!context.Settings.DryRun)
        {
            using var session = RootAccess.OpenForChange(context);
            TokenFile.Load(session.Root).With(url, secret).Save(session.RequireWriter());
        }

        Outcome.Write(
            context,
            "token-kept",
            json =>
            {
                json.WriteString("url"u8, url.Text);
                if (token is not null)
                {
                    TokenJson.WriteMembers(json, token);
                }
            },
            () =>
            {
                var about = token is null ? "" : $" {token.Id} for {string.Join(", ", token.Scopes)}, {TokenExpiry.Text(token.Expires)},";
                context.Terminal.Note($"the token{Hostile.OneLine(about)} {(context.Settings.DryRun ? "would be" : "is")} kept for {url} in {context.Settings.Root}");
            });
        return ExitCode.Ok;
    }

    static async Task<RemoteToken> DescribeAsync(PmContext context, RemoteUrl url, string secret)
    {
        using var client = new PublishingClient(url, secret, HttpAccess.Settings(context));
        return await client.DescribeTokenAsync(context.Cancellation);
    }
}

using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Stages.Publishing;

namespace Pm.Cli.Commands.Tokens;

/// <summary><c>pm token logout REMOTE</c></summary>
static class TokenLogoutCommand
{
    public const string Summary = "forget a token that was kept; it stays good";

    public static CommandDeclaration Declare()
    {
        var remote = new Argument<string>("REMOTE") { Description = "the URL of a repository, or a remote as `pm remote list` shows it" };
        return new CommandDeclaration
        {
            Arguments = [remote],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.LockBusy],
            Complete = Remotes.RemoteNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, TokenPlace.Url(context, parsed.GetRequiredValue(remote)))),
        };
    }

    static ExitCode Run(PmContext context, RemoteUrl url)
    {
        if (!Has(context, url))
        {
            throw new CommandException(ExitCode.NotFound, "PM1164", $"no token is kept for {url} in {context.Settings.Root}");
        }

        if (!context.Settings.DryRun)
        {
            using var session = RootAccess.OpenForChange(context);
            TokenFile.Load(session.Root).Without(url).Save(session.RequireWriter());
        }

        Outcome.Write(
            context, "token-forgotten", json => json.WriteString("url"u8, url.Text),
            () => context.Terminal.Note($"the token for {url} {(context.Settings.DryRun ? "would be" : "is")} forgotten here; `pm token revoke` ends it"));
        return ExitCode.Ok;
    }

    static bool Has(PmContext context, RemoteUrl url)
    {
        using var session = RootAccess.TryOpen(context);
        return session is not null && TokenFile.Load(session.Root).Find(url) is not null;
    }
}

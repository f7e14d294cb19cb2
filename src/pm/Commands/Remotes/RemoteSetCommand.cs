using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Remotes;

/// <summary><c>pm remote set NAME</c></summary>
static class RemoteSetCommand
{
    public const string Summary = "change where a remote is found: its URL, its mirrors";

    public static CommandDeclaration Declare()
    {
        var name = new Argument<string>("NAME") { Description = "a remote's name or URL" };
        var url = new Option<string?>("--url") { Description = "where it is from now on; its trust stays", HelpName = "URL" };
        var mirrors = RemotePlaces.MirrorOption("one more mirror, after those that it has; may be repeated");
        var without = new Option<string[]>("--no-mirror") { Description = "no longer this mirror; may be repeated", HelpName = "URL" };
        return new CommandDeclaration
        {
            Arguments = [name],
            Options = [url, mirrors, without],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.LockTimeout,
            Exits = [ExitCode.NotFound, ExitCode.Conflict, ExitCode.LockBusy],
            Complete = RemoteNames.Complete,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, parsed.GetRequiredValue(name), (session, remote) =>
                Changed(context, session, remote, parsed.Given(url), parsed.Given(mirrors) ?? [], parsed.Given(without) ?? []))),
        };
    }

    static ExitCode Run(PmContext context, string name, Func<RootSession, RemoteDefinition, RemoteDefinition> change)
    {
        using (var looking = RootAccess.Open(context))
        {
            var changed = change(looking, RemoteNames.Require(looking, name));
            if (context.Settings.DryRun)
            {
                Write(context, changed);
                return ExitCode.Ok;
            }
        }

        using var session = RootAccess.OpenForChange(context);
        var remote = change(session, RemoteNames.Require(session, name));
        session.Change(session.Remotes.Replacing(remote));
        Write(context, remote);
        return ExitCode.Ok;
    }

    static RemoteDefinition Changed(
        PmContext context, RootSession session, RemoteDefinition remote, string? url, string[] mirrors, string[] without)
    {
        if (url is null && mirrors.Length + without.Length == 0)
        {
            throw CommandException.Usage("PM1126", "nothing was given to change", "`--url URL`, `--mirror URL` or `--no-mirror URL`");
        }

        remote = RemotePlaces.WithoutMirrors(context, remote, without);
        if (url is not null)
        {
            remote = Moved(session, remote, RemoteUrl.Parse(url, context.WorkingDirectory));
        }

        return RemotePlaces.WithMirrors(context, remote, mirrors);
    }

    static RemoteDefinition Moved(RootSession session, RemoteDefinition remote, RemoteUrl url) =>
        Fetchers.WhyNot(url) is { } why ? throw new RemoteException("PM6002", why)
        : session.Remotes.Remotes.FirstOrDefault(r => r.Url == url && r.Name != remote.Name) is { } other
            ? throw new CommandException(ExitCode.Conflict, "PM1121", $"{url} is already added, as `{other.Name}`")
        : remote with { Url = url, Mirrors = remote.Mirrors.Remove(url) };

    static void Write(PmContext context, RemoteDefinition remote) => Outcome.Write(
        context,
        "remote",
        json =>
        {
            json.WriteString("name"u8, remote.Name);
            json.WriteString("url"u8, remote.Url.Text);
            Outcome.WriteTexts(json, "mirrors", remote.Mirrors.Select(m => m.Text));
        },
        () =>
        {
            context.Terminal.Data($"{remote.Name}\t{remote.Url}");
            foreach (var mirror in remote.Mirrors)
            {
                context.Terminal.Note($"mirror {mirror}");
            }

            if (context.Settings.DryRun)
            {
                context.Terminal.Note("nothing was changed (dry run)");
            }
        });
}

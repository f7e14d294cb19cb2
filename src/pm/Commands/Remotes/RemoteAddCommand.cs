using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Stages.Roots;

namespace Pm.Cli.Commands.Remotes;

/// <summary><c>pm remote add URL…</c></summary>
static class RemoteAddCommand
{
    public const string Summary = "add a remote, once its root is trusted";

    public static CommandDeclaration Declare()
    {
        var urls = new Argument<string[]>("URL") { Description = "`https://HOST/PATH`, `file:///PATH`, or a path", Arity = ArgumentArity.OneOrMore };
        var name = new Option<string?>("--name") { Description = "what messages and options call it (default: made of the URL)", HelpName = "NAME" };
        var mirrors = RemotePlaces.MirrorOption("a further URL that has the same; asked when those before it fail; may be repeated");
        var fingerprint = FirstTrust.FingerprintOption();
        var onFirstUse = FirstTrust.OnFirstUseOption();
        return new CommandDeclaration
        {
            Arguments = [urls],
            Options = [name, mirrors, fingerprint, onFirstUse],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Confirm | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable],
            RunAsync = (context, parsed) => RunAsync(
                context, parsed.GetRequiredValue(urls), parsed.GetValue(name), parsed.GetValue(mirrors) ?? [],
                new FirstTrust(parsed.GetValue(fingerprint), parsed.GetValue(onFirstUse))),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] urls, string? name, string[] mirrors, FirstTrust trust)
    {
        if (urls.Length > 1 && (name is not null || trust.Fingerprint is not null || mirrors.Length > 0))
        {
            throw CommandException.Usage("PM1120", "--name, --mirror and --fingerprint are of one remote, and several were named", "add them one by one");
        }

        if (context.Settings.DryRun)
        {
            var parsed = urls.Concat(mirrors).Select(u => RemoteUrl.Parse(u, context.WorkingDirectory)).ToList();
            Outcome.Write(
                context, "remote", json => Outcome.WriteTexts(json, "urls", parsed.Select(u => u.Text)),
                () => context.Terminal.Note($"would add {string.Join(", ", parsed)}"));
            return ExitCode.Ok;
        }

        using var session = RootAccess.OpenForChange(context);
        foreach (var text in urls)
        {
            await AddAsync(context, session, RemoteUrl.Parse(text, context.WorkingDirectory), name, mirrors, trust);
        }

        return ExitCode.Ok;
    }

    static async Task AddAsync(PmContext context, RootSession session, RemoteUrl url, string? name, string[] mirrors, FirstTrust trust)
    {
        var list = session.Remotes;
        if (list.Remotes.FirstOrDefault(r => r.Url == url) is { } same)
        {
            throw new CommandException(ExitCode.Conflict, "PM1121", $"{url} is already added, as `{same.Name}`", $"`pm remote remove {same.Name}` first");
        }

        var remote = new RemoteDefinition(name ?? RemoteDefinition.SuggestName(url, [.. list.Remotes.Select(r => r.Name)]), url);
        remote = RemotePlaces.WithMirrors(context, remote, mirrors);
        if (list.Find(remote.Name) is { } other)
        {
            throw new CommandException(ExitCode.Conflict, "PM1121", $"a remote is called `{remote.Name}` already: {other.Url}", "`--name NAME` chooses another");
        }

        // Trusted before it is added: a remote in the list is one that somebody said yes to.
        var root = await trust.EstablishAsync(context, session, remote);
        session.Change(list.With(remote));
        Write(context, remote, root);
    }

    static void Write(PmContext context, RemoteDefinition remote, OfferedRoot root)
    {
        Outcome.Write(
            context,
            "remote",
            json =>
            {
                json.WriteString("name"u8, remote.Name);
                json.WriteString("url"u8, remote.Url.Text);
                json.WriteString("fingerprint"u8, root.Fingerprint.ToString());
            },
            () =>
            {
                context.Terminal.Data($"{remote.Name}\t{remote.Url}");
                context.Terminal.Note($"root {root.Fingerprint} is trusted; `pm pull` brings its list of packages");
            });
    }
}

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
        var plain = new Option<bool>("--plain") { Description = "it has `available.json` and no signed metadata: packages are checked, that an old list is shown again is not detected" };
        var fingerprint = FirstTrust.FingerprintOption();
        var onFirstUse = FirstTrust.OnFirstUseOption();
        return new CommandDeclaration
        {
            Arguments = [urls],
            Options = [name, mirrors, plain, fingerprint, onFirstUse],
            Takes = CommonOptions.Json | CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Confirm | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Refused, ExitCode.Conflict, ExitCode.Unreachable, ExitCode.LockBusy],
            RunAsync = (context, parsed) => RunAsync(context, new RemoteAddition(parsed.GetRequiredValue(urls))
            {
                Name = parsed.Given(name),
                Mirrors = parsed.Given(mirrors) ?? [],
                IsPlain = parsed.Given(plain),
                Trust = new FirstTrust(parsed.Given(fingerprint), parsed.Given(onFirstUse)),
            }),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, RemoteAddition wanted)
    {
        wanted.Require();
        if (context.Settings.DryRun)
        {
            var parsed = wanted.Urls.Concat(wanted.Mirrors).Select(u => RemoteUrl.Parse(u, context.WorkingDirectory)).ToList();
            Outcome.Write(
                context, "remote", json => Outcome.WriteTexts(json, "urls", parsed.Select(u => u.Text)),
                () => context.Terminal.Note($"would add {string.Join(", ", parsed)}"));
            return ExitCode.Ok;
        }

        foreach (var text in wanted.Urls)
        {
            RequireDirectory(context, text);
        }

        using var session = RootAccess.OpenForChange(context);
        foreach (var text in wanted.Urls)
        {
            await AddAsync(context, session, RemoteUrl.Parse(text, context.WorkingDirectory), wanted);
        }

        return ExitCode.Ok;
    }

    /// <summary>Without a scheme it is a path, which few mean who write a host there.</summary>
    /// <exception cref="CommandException">PM0008: there is no such directory.</exception>
    static void RequireDirectory(PmContext context, string text)
    {
        if (!text.Contains("://", StringComparison.Ordinal) && !Directory.Exists(context.FullPath(text)))
        {
            var shown = Hostile.OneLine(text);
            var isHost = text.AsSpan().ContainsAny('.', ':') && !text.StartsWith('.') && !text.StartsWith('/');
            throw new CommandException(ExitCode.NotFound, "PM0008", $"no such directory: {shown}", isHost ? $"of a web server: `pm remote add https://{shown}`" : null);
        }
    }

    static async Task AddAsync(PmContext context, RootSession session, RemoteUrl url, RemoteAddition wanted)
    {
        var list = session.Remotes;
        if (list.Remotes.FirstOrDefault(r => r.Url == url) is { } same)
        {
            throw new CommandException(ExitCode.Conflict, "PM1121", $"{url} is already added, as `{same.Name}`", $"`pm remote remove {same.Name}` first");
        }

        var name = wanted.Name ?? RemoteDefinition.SuggestName(url, [.. list.Remotes.Select(r => r.Name)]);
        var remote = RemotePlaces.WithMirrors(context, new RemoteDefinition(name, url) { IsPlain = wanted.IsPlain }, wanted.Mirrors);
        if (list.Find(remote.Name) is { } other)
        {
            throw new CommandException(ExitCode.Conflict, "PM1121", $"a remote is called `{remote.Name}` already: {other.Url}", "`--name NAME` chooses another");
        }

        // Trusted before it is added: a remote in the list is one that somebody said yes to.
        var root = wanted.IsPlain ? await WithoutRootAsync(context, session, remote) : await TrustAsync(context, session, remote, wanted.Trust);
        session.Change(list.With(remote));
        Write(context, remote, root);
    }

    static async Task<OfferedRoot?> WithoutRootAsync(PmContext context, RootSession session, RemoteDefinition remote)
    {
        _ = await session.Client(remote).PullPlainAsync(null, context.Cancellation);
        return null;
    }

    /// <summary>A place without a root is not taken for a plain remote: a mirror could hide the root to be believed without it.</summary>
    static async Task<OfferedRoot?> TrustAsync(PmContext context, RootSession session, RemoteDefinition remote, FirstTrust trust)
    {
        try
        {
            return await trust.EstablishAsync(context, session, remote);
        }
        catch (RemoteException e) when (e.Code == "PM6010")
        {
            throw await session.Client(remote).OffersPlainAsync(context.Cancellation)
                ? new RemoteException(e.Code, e.Message, $"it has an unsigned list; if it never had more, `pm remote add --plain {remote.Url}`", e)
                : await OtherRepositories.NamedAsync(context, e, remote.Url, "pm remote add");
        }
    }

    static void Write(PmContext context, RemoteDefinition remote, OfferedRoot? root)
    {
        Outcome.Write(
            context,
            "remote",
            json =>
            {
                json.WriteString("name"u8, remote.Name);
                json.WriteString("url"u8, remote.Url.Text);
                json.WriteString("fingerprint"u8, root?.Fingerprint.ToString());
            },
            () =>
            {
                context.Terminal.Data($"{remote.Name}\t{remote.Url}");
                context.Terminal.Note(root is null
                    ? "its packages are checked, its list is not signed; `pm pull` brings it"
                    : $"root {root.Fingerprint} is trusted; `pm pull` brings its list of packages");
            });
    }
}

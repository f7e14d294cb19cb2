using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Remotes;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key import [--trust] FILE|URL…</c></summary>
static class KeyImportCommand
{
    public const string Summary = "take public keys into the root's ring";

    public static CommandDeclaration Declare()
    {
        var files = new Argument<string[]>("FILE") { Description = "a file of public keys, the URL of one, or - for standard input", Arity = ArgumentArity.OneOrMore };
        var trust = new Option<bool>("--trust") { Description = "accept packages that these keys have signed" };
        return new CommandDeclaration
        {
            Arguments = [files],
            Options = [trust],
            Takes = CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Json | CommonOptions.Confirm | CommonOptions.LockTimeout | CommonOptions.Network,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Refused, ExitCode.Unreachable, ExitCode.LockBusy],
            RunAsync = (context, parsed) => RunAsync(context, parsed.GetRequiredValue(files), parsed.Given(trust)),
        };
    }

    static async ValueTask<ExitCode> RunAsync(PmContext context, string[] files, bool isTrusted)
    {
        // A file that is not there is found out before the first one changes anything.
        var contents = new List<(string File, byte[] Bytes)>();
        foreach (var file in files)
        {
            contents.Add((file, await KeyFile.FetchAsync(context, file)));
        }

        var program = Signatures.Program(context);
        var changes = new List<KeyringChange>();
        foreach (var (file, bytes) in contents)
        {
            var source = file == KeyFile.StandardInput ? "standard input" : file;
            var options = new ImportOptions(isTrusted, source, context.Time.GetUtcNow());
            var made = RingChange.Make(
                context,
                ring => ring.PlanImport(program, bytes, options, context.Cancellation),
                planned => Confirm(context, file, planned, isTrusted));
            changes.AddRange(made);
            if (!context.Settings.Json)
            {
                RingChange.Write(context, made);
            }
        }

        if (context.Settings.Json)
        {
            RingChange.Write(context, changes);
        }

        return Judge(context, changes, isTrusted);
    }

    /// <summary>Whoever answers at a URL chooses which keys it gives: a file was at least picked.</summary>
    static void Confirm(PmContext context, string file, IReadOnlyList<KeyringChange> planned, bool isTrusted)
    {
        if (!PackageUrl.IsUrl(file))
        {
            return;
        }

        RequireNamed(file, planned);
        if (isTrusted)
        {
            RingChange.ConfirmTrust(context, planned);
        }
    }

    /// <summary>A repository has the keys of its publishers under their fingerprints: who gives another lies.</summary>
    static void RequireNamed(string url, IReadOnlyList<KeyringChange> planned)
    {
        const string suffix = ".asc";
        var path = url.Split('#', '?')[0];
        var name = path[(path.LastIndexOf('/') + 1)..];
        if (name.EndsWith(suffix, StringComparison.Ordinal) && Fingerprint.TryParse(name[..^suffix.Length], out var named) && !planned.Any(change => change.Fingerprint == named))
        {
            throw new CommandException(
                ExitCode.Refused, "PM1119", $"{Hostile.OneLine(url)}: expected key {named}, got {string.Join(", ", planned.Select(change => change.Fingerprint))}",
                "take the key from its owner: somebody put another in its place");
        }
    }

    /// <summary>Says what stands between these keys and packages signed by them.</summary>
    static ExitCode Judge(PmContext context, List<KeyringChange> changes, bool isTrusted)
    {
        foreach (var key in changes.Select(c => c.Record))
        {
            var name = $"{key.Fingerprint} ({Hostile.OneLine(key.UserId)})";
            if (key.State is TrustState.Revoked)
            {
                context.Terminal.Note($"{name} was revoked by its owner: nothing that it signed is accepted");
            }
            else if (key.Expires <= context.Time.GetUtcNow())
            {
                context.Terminal.Note($"{name} expired on {KeyTimes.Day(key.Expires.Value)}: nothing that it signed is accepted");
            }
            else if (key.State is TrustState.Known)
            {
                context.Terminal.Note($"{name} is not trusted: compare the fingerprint with its owner's, then `pm key trust {key.Fingerprint}`");
            }
        }

        return isTrusted && changes.Exists(c => c.Record.State is TrustState.Revoked) ? ExitCode.Refused : ExitCode.Ok;
    }
}

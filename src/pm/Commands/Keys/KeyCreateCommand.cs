using System.CommandLine;
using System.Globalization;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Keys;

/// <summary><c>pm key create "NAME &lt;MAIL&gt;"</c>: the secret stays in GnuPG, the public key is trusted in the root.</summary>
static class KeyCreateCommand
{
    public const string Summary = "make a key to sign packages with";

    const string DefaultLife = "3y";

    public static CommandDeclaration Declare()
    {
        var userId = new Argument<string>("USER-ID") { Description = "whose it is: \"NAME <MAIL>\"" };
        var expires = new Option<string>("--expires")
        {
            Description = "when it ends: 90d, 18m, 3y, 2030-01-31 or never (default: 3y)",
            HelpName = "WHEN",
            DefaultValueFactory = _ => DefaultLife,
        };
        var bare = new Option<bool>("--no-passphrase")
        {
            Description = "do not protect the secret key; so it is too where no terminal is there to ask for a passphrase",
        };
        return new CommandDeclaration
        {
            Arguments = [userId],
            Options = [expires, bare],
            Takes = CommonOptions.Root | CommonOptions.DryRun | CommonOptions.Json | CommonOptions.LockTimeout,
            Exits = [ExitCode.Conflict, ExitCode.LockBusy],
            RunAsync = (context, parsed) => ValueTask.FromResult(
                Run(context, parsed.GetRequiredValue(userId), parsed.GetRequiredValue(expires), parsed.Given(bare))),
        };
    }

    static ExitCode Run(PmContext context, string userId, string expires, bool isBare)
    {
        Check(userId, expires);
        var program = Signatures.Program(context);
        var hasPassphrase = !isBare && Signatures.CanAsk(context);
        if (context.Settings.DryRun)
        {
            program.RequireNoKeyOf(userId, context.Cancellation);
            context.Terminal.Note($"would make an Ed25519 key of {userId} that expires: {expires}");
            context.Terminal.Note($"would trust it in the root {context.Settings.Root}");
            if (context.Settings.Json)
            {
                RingChange.Write(context, []);
            }

            return ExitCode.Ok;
        }

        using (RootAccess.OpenForChange(context))
        {
            // A root that cannot be written is found out before there is a key. Nobody waits while a passphrase is thought of.
        }

        var key = program.CreateKey(userId, expires, hasPassphrase, context.Cancellation);
        var changes = Trust(context, program, key);
        if (context.Settings.Json)
        {
            RingChange.Write(context, changes);
        }
        else
        {
            context.Terminal.Data(key.Listing.Fingerprint.ToString());
        }

        Tell(context, key.Listing, hasPassphrase);
        return ExitCode.Ok;
    }

    /// <summary>Takes the new key into the ring. Should that fail, the key is there all the same, and that is said.</summary>
    static IReadOnlyList<KeyringChange> Trust(PmContext context, OpenPgpProgram program, PublicKey key)
    {
        var isDone = false;
        try
        {
            var options = new ImportOptions(IsTrusted: true, "create", context.Time.GetUtcNow());
            var changes = RingChange.Make(context, ring => ring.PlanImport(program, key.Bytes, options, context.Cancellation));
            isDone = true;
            return changes;
        }
        finally
        {
            if (!isDone)
            {
                context.Terminal.Say($"GnuPG holds the key {key.Listing.Fingerprint} now; "
                    + $"`gpg --armor --export {key.Listing.Fingerprint} | pm key import --trust -` takes it into the root");
            }
        }
    }

    static void Tell(PmContext context, KeyListing key, bool hasPassphrase)
    {
        var end = key.Expires is { } expires ? $"until {KeyTimes.Day(expires)}" : "for ever";
        context.Terminal.Note($"{Hostile.OneLine(key.UserId)} can sign {end}; packages signed so are accepted in {context.Settings.Root}");
        if (!hasPassphrase)
        {
            context.Terminal.Note($"the secret key has no passphrase: `gpg --change-passphrase {key.Fingerprint}` gives it one");
        }
    }

    static void Check(string userId, string expires)
    {
        if (!IsUserId(userId))
        {
            throw CommandException.Usage(
                "PM1150", $"not a user id: `{Hostile.OneLine(userId)}`", "write it like `pm key create \"Ann Example <ann@example.org>\"`");
        }

        if (!IsLife(expires))
        {
            throw CommandException.Usage(
                "PM1151", $"--expires: expected a time like 18m or 3y, a day like 2030-01-31, or never, got `{Hostile.OneLine(expires)}`");
        }
    }

    /// <summary>NAME &lt;MAIL&gt;, or an address alone.</summary>
    static bool IsUserId(string text)
    {
        const int longest = 200;
        var open = text.IndexOf('<', StringComparison.Ordinal);
        var mail = open < 0 ? text : text.EndsWith('>') ? text[(open + 1)..^1] : "";
        var name = open < 0 ? "" : text[..open];
        return text.Length <= longest && !text.Any(char.IsControl) && (name.Length == 0 || name.EndsWith(' '))
            && !name.Contains('>', StringComparison.Ordinal)
            && mail.Split('@') is [{ Length: > 0 }, { Length: > 0 }] && !mail.AsSpan().ContainsAny(" <>");
    }

    static bool IsLife(string text) =>
        text is "never"
        || DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)
        || (text is [.., 'd' or 'w' or 'm' or 'y']
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number is > 0 and < 100_000);
}

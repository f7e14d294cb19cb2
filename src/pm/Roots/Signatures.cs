using Pm.Cli.Configuration;
using Pm.Linux;
using Pm.Storage;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Roots;

/// <summary>Checks publishers' signatures against the keys that a root trusts.</summary>
static class Signatures
{
    const int StandardInput = 0;

    /// <summary>gpg and gpgv as this run may use them: a passphrase is asked for only where a person sits.</summary>
    public static OpenPgpProgram Program(PmContext context) => new(OpenPgpEnvironment.From(context.Variable) with
    {
        SigningKey = context.Sources.Get(SettingTable.SigningKey),
        Terminal = CanAsk(context) ? context.Variable("GPG_TTY") ?? TerminalDevice.NameOf(StandardInput) : null,
    });

    /// <summary>Whether gpg-agent would find somebody at the terminal.</summary>
    public static bool CanAsk(PmContext context) =>
        context.Terminal.InputIsTerminal && !context.Settings.NoInput && TerminalDevice.NameOf(StandardInput) is not null;

    /// <summary>Decides about a signature; the ring is read when the first one comes.</summary>
    public static Func<SignatureFiles?, SignerDecision> Decider(PmContext context, Root root)
    {
        var ring = new Lazy<Keyring>(() => Keyring.Open(root));
        var program = Program(context);
        return files => PublisherSignature.Decide(ring.Value, program, files, context.Cancellation);
    }
}

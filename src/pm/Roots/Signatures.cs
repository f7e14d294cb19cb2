using Pm.Storage;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Roots;

/// <summary>Checks publishers' signatures against the keys that a root trusts.</summary>
static class Signatures
{
    /// <summary>gpg and gpgv as this run may use them.</summary>
    public static OpenPgpProgram Program(PmContext context) => new(OpenPgpEnvironment.From(context.Variable));

    /// <summary>Decides about a signature; the ring is read when the first one comes.</summary>
    public static Func<SignatureFiles?, SignerDecision> Decider(PmContext context, Root root)
    {
        Keyring? ring = null;
        IReadOnlyDictionary<Fingerprint, KnownKey>? keys = null;
        byte[]? bytes = null;
        return signature =>
        {
            ring ??= Keyring.Of(root);
            keys ??= ring.Keys();
            bytes ??= ring.RingBytes();
            var check = signature is null
                ? new SignatureCheck.Missing()
                : Program(context).Verify(signature.Manifest, signature.Signature, bytes, context.Cancellation);
            return SignerPolicy.Decide(check, keys);
        };
    }
}

using Pm.Storage;
using Pm.Storage.Keys;
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
        return signature => PublisherSignature.Decide(
            ring ??= Keyring.Open(root), Program(context), signature, context.Cancellation);
    }
}

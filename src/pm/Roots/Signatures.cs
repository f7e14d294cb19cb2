using Pm.Storage;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Roots;

/// <summary>Checks publishers' signatures against the keys that a root trusts.</summary>
static class Signatures
{
    /// <summary>Decides about a signature; the ring and gpgv are looked for when the first one comes.</summary>
    public static Func<SignatureFiles?, SignerDecision> Decider(PmContext context, Root? root)
    {
        Keyring? ring = null;
        OpenPgpProgram? program = null;
        return signature => SignatureDecision.Decide(
            ring ??= Keyring.Open(root), program ??= OpenPgpProgram.Find(context.Environment), signature);
    }
}

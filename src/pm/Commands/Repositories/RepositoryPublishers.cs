using System.Text;
using Pm.Cli.Roots;
using Pm.Repositories;
using Pm.Storage;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Repositories;

/// <summary>
/// Whose packages are taken by whoever works on the repository's directory: of the repository's own publishers, and of
/// those whom the owner of the root trusts to install from.
/// </summary>
static class RepositoryPublishers
{
    public static PublishOptions Options(PmContext context, DirectoryRepository repository, bool allowsUnsigned)
    {
        var own = repository.OptionsOf(Signatures.Program(context), context.Cancellation);
        var ring = Keyring.OpenAt(context.Settings.Root);
        return own with
        {
            Judge = (manifest, signature) => Hinted(Judge(own.Judge, ring, manifest, signature, context), repository),
            AllowsUnsigned = allowsUnsigned || own.AllowsUnsigned,
            PublicKey = signer => ring.Keys.ContainsKey(signer) ? Encoding.ASCII.GetBytes(ring.Export(signer)) : own.PublicKey!(signer),
        };
    }

    /// <summary>Who works on a repository is its keeper: not his own root is to trust the key, but the repository.</summary>
    static SignerDecision Hinted(SignerDecision decision, DirectoryRepository repository) => decision is SignerDecision.Refused { Code: "PM3004" or "PM3005" } refused
        ? refused with { Hint = $"pm repo trust --repo {repository.Path} FILE" }
        : decision;

    /// <summary>One of the two rings is enough; but a key that its owner revoked in one of them is revoked.</summary>
    static SignerDecision Judge(
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, SignerDecision> own, Keyring ring,
        ReadOnlyMemory<byte> manifest, ReadOnlyMemory<byte> signature, PmContext context)
    {
        var decision = PublisherSignature.Decide(
            ring, Signatures.Program(context), new SignatureFiles(manifest, signature), context.Cancellation);
        return decision is SignerDecision.Refused { Code: "PM3004" or "PM3005" } && own(manifest, signature) is var other
            && other is SignerDecision.Accepted or SignerDecision.Refused { Code: not ("PM3004" or "PM3005") }
                ? other
                : decision;
    }
}

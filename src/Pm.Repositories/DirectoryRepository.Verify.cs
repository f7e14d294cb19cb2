using Pm.Trust.OpenPgp;

namespace Pm.Repositories;

/// <content>Checking.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>Checks all of it as a client would, and more: metadata, packages, every blob, signatures' manifests, keys' modes, strays.</summary>
    /// <param name="now">Against which expiry is held.</param>
    /// <param name="judge">Decides about publishers' signatures as <see cref="PublishOptions.Judge"/> does; null: they are not checked.</param>
    /// <param name="cancellation">Ends it between two files.</param>
    public VerificationResult Verify(DateTimeOffset now,
        Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, SignerDecision>? judge = null, CancellationToken cancellation = default)
    {
        using var verification = new RepositoryVerification(Path, now, judge, cancellation);
        return verification.Run();
    }
}

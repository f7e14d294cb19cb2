using System.Collections.Immutable;
using Pm.Packages;
using Pm.Storage;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Fetching;

/// <summary>How one package of a remote comes into the store.</summary>
abstract record PackagePlan(WantedPackage.OfRemote Wanted)
{
    /// <summary>Bytes that come over the line, as far as that is known.</summary>
    public abstract long TransferSize { get; }

    /// <summary>Blob by blob, without those that are there. It was let in already.</summary>
    /// <param name="Wanted">From where.</param>
    /// <param name="Package">Its metadata.</param>
    /// <param name="Signer">Who signed it; null: nobody, on demand.</param>
    /// <param name="Signature">What is kept of that.</param>
    /// <param name="Missing">Each blob once.</param>
    public sealed record ByBlobs(
        WantedPackage.OfRemote Wanted, Package Package, Fingerprint? Signer, SignatureFiles? Signature, ImmutableArray<MissingBlob> Missing)
        : PackagePlan(Wanted)
    {
        public override long TransferSize => ByteTotal.Of(Missing, b => b.Wanted.TransferSize ?? 0);
    }

    /// <summary>As its <c>.pkg</c>: the signature is in it.</summary>
    public sealed record Whole(WantedPackage.OfRemote Wanted) : PackagePlan(Wanted)
    {
        public override long TransferSize => Wanted.Published.Target.Package.DownloadSize ?? 0;
    }
}

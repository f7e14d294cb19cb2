using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Stages.Changes;
using Pm.Storage;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Fetching;

/// <summary>
/// Finds out how packages come into the store: asks remotes for metadata, signatures and lists only, and for nothing at all
/// where everything is here. Safe for several packages at once.
/// </summary>
/// <param name="store">Null: there is none yet.</param>
/// <param name="gate">Who may sign.</param>
/// <param name="isOffline">Asks no remote on the network.</param>
/// <param name="isDry">Nothing is going to be fetched: a package is looked at by its metadata.</param>
sealed class FetchPlanner(Store? store, SignatureGate gate, bool isOffline, bool isDry)
{
    /// <summary>Null where it is not on this machine and no remote may be asked.</summary>
    /// <exception cref="RemoteException">Not readable, or not what the remote's metadata promises.</exception>
    /// <exception cref="TrustException">The gate refused it.</exception>
    public async Task<PackagePlan?> PlanAsync(WantedPackage.OfRemote wanted, CancellationToken cancellation)
    {
        var mayAsk = !isOffline || wanted.Client.IsNear;
        var published = wanted.Published;
        if (published.Target.Package.Hash is not { } hash)
        {
            return mayAsk ? new PackagePlan.Whole(wanted) : null;
        }

        var package = store?.Find(hash);
        if (package is null && (!mayAsk || IsBestWhole(wanted)))
        {
            return mayAsk ? new PackagePlan.Whole(wanted) : null;
        }

        package ??= await wanted.Client.OpenPackageAsync(wanted.Repository, published, cancellation);
        var missing = MissingOf(package);
        if (missing.Count > 0 && !mayAsk)
        {
            return null;
        }

        PackageRules.RequireSameDependencies(published, package, wanted.Client.Named(published));
        PackageRules.RequireLinksInside(package);
        var (signer, signature) = await JudgeAsync(wanted, hash, mayAsk, cancellation);
        var blobs = await MeasureAsync(wanted, missing, cancellation);
        return !isDry && !wanted.Client.IsNear && FetchCost.IsWholeCheaper(published.Target, wanted.Client.KeptOf(published), blobs)
            ? new PackagePlan.Whole(wanted)
            : new PackagePlan.ByBlobs(wanted, package, signer, signature, blobs);
    }

    /// <summary>Without anything to share it with, or where looking costs more than fetching.</summary>
    bool IsBestWhole(WantedPackage.OfRemote wanted) =>
        !isDry && !wanted.Client.IsNear && wanted.Published.Target is { PkgDigest: not null, Package.DownloadSize: not null } target
        && (!wanted.HasRelative || FetchCost.IsSmall(target));

    HashSet<BlobName> MissingOf(Package package) => [.. package.Entries
        .Where(e => e.Kind is EntryKind.File)
        .Select(e => new BlobName(e.Root, e.IsExecutable))
        .Where(b => store?.Has(b.Root, b.IsExecutable) != true)];

    /// <summary>What is kept of an earlier fetch serves; where it does not satisfy any more, the remote may have another.</summary>
    async Task<(Fingerprint? Signer, SignatureFiles? Signature)> JudgeAsync(
        WantedPackage.OfRemote wanted, MerkleRoot hash, bool mayAsk, CancellationToken cancellation)
    {
        if (store?.FindSignature(hash) is { } kept)
        {
            try
            {
                var signer = gate.Require(wanted, kept);
                if (!mayAsk || IsStated(wanted, signer))
                {
                    return (signer, kept);
                }
            }
            catch (TrustException) when (mayAsk)
            {
            }
        }

        return mayAsk ? await wanted.Client.ReadSignatureAsync(wanted.Published, Judge, cancellation) : Judge(null);

        (Fingerprint?, SignatureFiles?) Judge(PublisherSignature? signed)
        {
            var signature = signed is null ? null : new SignatureFiles(signed.Manifest, signed.Signature);
            var signer = gate.Require(wanted, signature);
            return IsStated(wanted, signer) ? (signer, signature) : throw new RemoteException(
                "PM6006", $"{wanted.Id} from {wanted.Client.Source}: not what was signed: expected a signature of {wanted.Published.Target.Package.Signer}, got one of {signer}");
        }

        // Two whom the user trusts may have signed the same bytes; whose they are here the repository says.
        static bool IsStated(WantedPackage.OfRemote wanted, Fingerprint? signer) =>
            signer is not { } known || wanted.Published.Target.Package.Signer is not { } stated || stated.Equals(known.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>The list of blobs is only asked for where something is missing.</summary>
    static async Task<ImmutableArray<MissingBlob>> MeasureAsync(
        WantedPackage.OfRemote wanted, HashSet<BlobName> missing, CancellationToken cancellation)
    {
        if (missing.Count == 0)
        {
            return [];
        }

        var sizes = wanted.Published.Target.BlobList is null
            ? []
            : (await wanted.Client.ReadBlobListAsync(wanted.Published, cancellation)).Blobs.DistinctBy(b => b.Root).ToDictionary(b => b.Root);
        return [.. missing.Select(name => sizes.TryGetValue(name.Root, out var blob)
            ? new MissingBlob(name, new WantedBlob(name.Root, blob.Size, wanted.Client.IsNear ? null : blob.CompressedSize))
            : new MissingBlob(name, Unlisted(name, wanted.Published)))];
    }

    /// <summary>A blob that no list names is no larger than all files of its package.</summary>
    static WantedBlob Unlisted(BlobName name, PublishedPackage published) => published.Target.Package.SizeInBytes is { } size
        ? new WantedBlob(name.Root, null, null) { MaximumSize = size }
        : new WantedBlob(name.Root, null, null);
}

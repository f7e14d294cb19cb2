using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Remotes;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>Brings packages into a store: from a file or a remote, signature first, content checked as it streams.</summary>
/// <param name="store">Where they go; the caller holds a share of its lock. Null, or dry: nothing is kept.</param>
/// <param name="gate">Who may sign.</param>
/// <param name="observer">Told what is fetched.</param>
public sealed class PackageIntake(Store? store, SignatureGate gate, StageObserver observer)
{
    const int CopyBuffer = 256 * 1024;

    /// <summary>Looks at packages without keeping anything.</summary>
    public bool IsDry { get; init; }

    /// <summary>Where a <c>.pkg</c> that is fetched whole lies meanwhile, without a name; made when it is needed.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>Blobs that are fetched at once.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>Takes in a <c>.pkg</c>.</summary>
    /// <param name="pkg">Seekable; disposed.</param>
    /// <param name="name">The file in messages.</param>
    /// <param name="cancellation">Asked between the steps.</param>
    /// <exception cref="PackageFormatException">Damaged, altered, or not such a file.</exception>
    /// <exception cref="Trust.TrustException">The gate refused it.</exception>
    public IncomingPackage TakeFile(Stream pkg, string name, CancellationToken cancellation)
    {
        observer.Working?.Invoke(name);
        using var archive = PkgArchive.Open(pkg, name);
        var signature = archive.SignedBy is { } by ? new SignatureFiles(archive.SignedManifest, by) : null;
        var signer = gate.Require(name, signature);
        cancellation.ThrowIfCancellationRequested();
        if (IsDry)
        {
            var dry = new DrySink(store);
            var seen = archive.Expand(dry);
            RequireCovered(archive, seen, name);
            return new IncomingPackage(seen, signer, dry.CopiedBytes, dry.SharedBytes);
        }

        var (written, found) = (store!.WrittenBytes, store.FoundBytes);
        var package = archive.Expand(store);
        RequireCovered(archive, package, name);
        store.Save(package, signature);
        return new IncomingPackage(package, signer, store.WrittenBytes - written, store.FoundBytes - found);
    }

    /// <summary>Takes in a package of a remote: only the blobs that the store lacks are fetched.</summary>
    /// <exception cref="RemoteException">Not readable, or not what the remote's metadata promises.</exception>
    /// <exception cref="BlobMismatchException">A blob is not what was signed.</exception>
    /// <exception cref="Trust.TrustException">The gate refused it.</exception>
    public async Task<IncomingPackage> TakeAsync(
        RepositoryClient client, PulledRepository repository, PublishedPackage published, CancellationToken cancellation)
    {
        observer.Working?.Invoke(published.Id.ToString());
        if (published.IsPkgAlone)
        {
            return await TakePkgAsync(client, published, cancellation);
        }

        var hash = published.Target.Package.Hash!.Value;
        var package = store?.Find(hash) ?? await client.OpenPackageAsync(repository, published, cancellation);
        RequireSameDependencies(published, package);
        RequireLinksInside(package);
        var signature = await client.ReadSignatureAsync(hash, cancellation) is { } signed
            ? new SignatureFiles(signed.Manifest, signed.Signature)
            : null;
        var signer = gate.Require(published.Id.ToString(), signature);
        var blobs = await BlobsOfAsync(client, published, package, cancellation);
        var missing = blobs.Where(b => store?.Has(b.Name.Root, b.Name.IsExecutable) != true).ToList();
        var copied = missing.Sum(b => b.Size ?? 0);
        if (!IsDry)
        {
            observer.Expecting?.Invoke(copied);
            await FetchAsync(client, missing, cancellation);
            store!.Save(package, signature);
        }

        return new IncomingPackage(package, signer, copied, blobs.Sum(b => b.Size ?? 0) - copied);
    }

    /// <summary>A file that was made again from blobs is signed by what its publisher signed, so by the package hash alone.</summary>
    static void RequireCovered(PkgArchive archive, Package package, string name)
    {
        if (archive is { IsRebuilt: true, Signature: null, SignedBy: not null }
            && !PkgManifest.Covers(ChecksumList.Parse(archive.SignedManifest.Span, name), package.Hash))
        {
            throw new PackageFormatException("PM2304", $"the signed manifest does not name the package hash {package.Hash}", name);
        }
    }

    async Task<IncomingPackage> TakePkgAsync(RepositoryClient client, PublishedPackage published, CancellationToken cancellation)
    {
        observer.Expecting?.Invoke(published.Target.Package.DownloadSize ?? 0);
        // On disk and without a name: the archive may be larger than memory, and needs to be read at two places.
        await using var copy = Scratch();
        await using (var stream = await client.OpenPkgAsync(published, cancellation))
        {
            await CopyAsync(stream, (bytes, _) =>
            {
                copy.Write(bytes.Span);
                return ValueTask.CompletedTask;
            }, cancellation);
        }

        copy.Position = 0;
        var incoming = TakeFile(copy, published.Target.PkgName, cancellation);
        return incoming.Package.Id == published.Id
            ? incoming
            : throw new StageException("PM7501", $"asked for {published.Id}, got {incoming.Package.Id} (validly signed)");
    }

    FileStream Scratch()
    {
        Directory.CreateDirectory(ScratchDirectory);
        var path = Path.Join(ScratchDirectory, Path.GetRandomFileName());
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, CopyBuffer);
        File.Delete(path);
        return file;
    }

    /// <summary>The remote's index must not pull in what the publisher did not sign: extraneous dependencies.</summary>
    static void RequireSameDependencies(PublishedPackage published, Package package)
    {
        var stated = package.Description?.Dependencies ?? [];
        if (!published.Target.Package.Dependencies.SequenceEqual(stated))
        {
            throw new StageException(
                "PM7502",
                $"{published.Id}: the remote's index says that it needs [{string.Join(", ", published.Target.Package.Dependencies)}], "
                    + $"its publisher signed [{string.Join(", ", stated)}]");
        }
    }

    static void RequireLinksInside(Package package)
    {
        if (PackageLinks.FirstOutside(package) is { } link)
        {
            throw new PackageFormatException(
                "PM2212", $"the symbolic link leads outside the package, to `{link.Target}`", $"{package.Id}: {link.Path}");
        }
    }

    static async Task<List<NeededBlob>> BlobsOfAsync(
        RepositoryClient client, PublishedPackage published, Package package, CancellationToken cancellation)
    {
        Dictionary<MerkleRoot, long> sizes = published.Target.BlobList is null
            ? []
            : (await client.ReadBlobListAsync(published, cancellation)).Blobs
                .DistinctBy(b => b.Root).ToDictionary(b => b.Root, b => b.Size);
        var needed = new Dictionary<BlobName, NeededBlob>();
        foreach (var entry in package.Entries.Where(e => e.Kind is EntryKind.File))
        {
            var name = new BlobName(entry.Root, entry.IsExecutable);
            needed.TryAdd(name, new NeededBlob(name, sizes.TryGetValue(entry.Root, out var size) ? size : null));
        }

        return [.. needed.Values];
    }

    async Task FetchAsync(RepositoryClient client, List<NeededBlob> blobs, CancellationToken cancellation) =>
        await Parallel.ForEachAsync(
            blobs,
            new ParallelOptions { MaxDegreeOfParallelism = Parallelism, CancellationToken = cancellation },
            async (blob, token) => await FetchAsync(client, blob, token));

    async Task FetchAsync(RepositoryClient client, NeededBlob blob, CancellationToken cancellation)
    {
        // The same content under the other mode is on this machine already.
        await using var stream = store!.Has(blob.Name.Root)
            ? store.OpenBlob(blob.Name.Root)
            : await client.OpenBlobAsync(blob.Name.Root, blob.Size, cancellation);
        using var writer = store.Create(blob.Name.IsExecutable);
        await CopyAsync(stream, (bytes, _) =>
        {
            writer.Append(bytes.Span);
            return ValueTask.CompletedTask;
        }, cancellation);
        var root = writer.Commit();
        if (root != blob.Name.Root)
        {
            throw new StageException("PM7503", $"blob {blob.Name.Root}: what was written is {root}", "pm verify --repair");
        }
    }

    async Task CopyAsync(
        Stream stream, Func<ReadOnlyMemory<byte>, CancellationToken, ValueTask> take, CancellationToken cancellation)
    {
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(CopyBuffer);
        try
        {
            int count;
            while ((count = await stream.ReadAsync(buffer, cancellation)) > 0)
            {
                await take(buffer.AsMemory(0, count), cancellation);
                observer.Received?.Invoke(count);
            }
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}

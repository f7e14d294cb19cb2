using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Remotes;
using Pm.Stages.Roots;
using Pm.Storage;
using Pm.Storage.Packing;

namespace Pm.Stages.Repairs;

/// <summary>
/// Mends a root from its store; where the store's own copy is damaged or lost, from the remote that the package came from.
/// </summary>
/// <param name="session">Opened to change.</param>
/// <param name="scratch">Directory for what is fetched, each file without a name; made when it is needed.</param>
/// <param name="observer">Told what is fetched, and from where it could not be.</param>
public sealed class RootRepair(RootSession session, string scratch, StageObserver observer)
{
    /// <summary>Looks, and puts back what can be. Edited configuration stays.</summary>
    /// <param name="options">What to look at; its replacements are this method's own.</param>
    /// <param name="isOffline">Use only what is on this machine.</param>
    /// <param name="cancellation">Ends it between two files.</param>
    public async Task<VerificationReport> RunAsync(
        VerificationOptions options, bool isOffline, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var wanted = new HashSet<MerkleRoot>();
        var first = Verification.Repair(
            session.RequireWriter(), options with { OpenReplacement = root => Want(wanted, root) }, cancellation);
        if (first.IsClean || wanted.Count == 0)
        {
            return first;
        }

        var fetched = new Dictionary<MerkleRoot, Stream>();
        try
        {
            await FetchAsync(wanted, fetched, isOffline, cancellation);
            if (fetched.Count == 0)
            {
                return first;
            }

            var second = Verification.Repair(
                session.RequireWriter(), options with { OpenReplacement = root => Open(fetched, root) }, cancellation);
            return second with { Findings = [.. first.Findings.Where(f => f.IsRepaired), .. second.Findings] };
        }
        finally
        {
            foreach (var file in fetched.Values)
            {
                await file.DisposeAsync();
            }
        }
    }

    static Stream? Want(HashSet<MerkleRoot> wanted, MerkleRoot root)
    {
        _ = wanted.Add(root);
        return null;
    }

    static Stream? Open(Dictionary<MerkleRoot, Stream> fetched, MerkleRoot root)
    {
        if (!fetched.Remove(root, out var file))
        {
            return null;
        }

        // The caller disposes what it is given.
        file.Position = 0;
        return file;
    }

    async Task FetchAsync(
        HashSet<MerkleRoot> wanted, Dictionary<MerkleRoot, Stream> fetched, bool isOffline, CancellationToken cancellation)
    {
        foreach (var installed in session.Root.Current?.Packages ?? [])
        {
            var missing = session.Store.Find(installed.Hash)?.Entries.Select(e => e.Root)
                .Where(r => wanted.Contains(r) && !fetched.ContainsKey(r)).Distinct().ToImmutableArray() ?? [];
            if (missing.IsEmpty || installed.Remote is not { } name || session.Remotes.Find(name) is not { } remote
                || session.Catalogue.StateOf(name)?.Find(installed.Id) is not { IsPkgAlone: false, Target.BlobList: not null } published
                || (isOffline && !remote.IsNear))
            {
                continue;
            }

            try
            {
                await FetchAsync(session.Client(remote), published, missing, fetched, cancellation);
            }
            catch (Exception e) when (e is RemoteException or BlobMismatchException)
            {
                observer.Note?.Invoke($"{installed.Id}: {e.Message}");
            }
        }
    }

    /// <summary>The signed list of blobs says how long each is, so that nobody can send without end.</summary>
    async Task FetchAsync(
        RepositoryClient client, PublishedPackage published, ImmutableArray<MerkleRoot> missing,
        Dictionary<MerkleRoot, Stream> fetched, CancellationToken cancellation)
    {
        observer.Working?.Invoke(published.Id.ToString());
        var list = await client.ReadBlobListAsync(published, cancellation);
        foreach (var blob in list.Blobs.Where(b => missing.Contains(b.Root)).DistinctBy(b => b.Root))
        {
            await using var stream = await client.OpenBlobAsync(blob.Root, blob.Size, cancellation);
            var file = ScratchFile.Create(scratch);
            try
            {
                await stream.CopyToAsync(file, cancellation);
            }
            catch
            {
                await file.DisposeAsync();
                throw;
            }

            fetched.Add(blob.Root, file);
            observer.Received?.Invoke(blob.Size);
        }
    }
}

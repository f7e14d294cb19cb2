using Pm.Blobs;
using Pm.Packages;

namespace Pm.Repositories;

/// <summary>
/// Takes blobs into <c>staged/</c>, hashed while they are written; each content once, with its compressed sibling where that is
/// worth it. Safe for several threads that write a blob each.
/// </summary>
sealed class StagedBlobs(RepositoryWriter writer) : IBlobSink
{
    readonly Lock _gate = new();
    readonly Dictionary<MerkleRoot, (string StagedName, long Size)> _blobs = [];
    readonly Dictionary<MerkleRoot, StagedSibling> _siblings = [];

    public bool IsConcurrent => true;

    /// <summary>Size in bytes of every blob that was written, by its root.</summary>
    public long SizeOf(MerkleRoot root) => _blobs[root].Size;

    /// <summary>Size in bytes of its compressed sibling; null where it has none. After <see cref="Compress"/>.</summary>
    public long? CompressedSizeOf(MerkleRoot root) => _siblings[root].Size;

    /// <summary>One inode per content: a repository does not keep the executable bit.</summary>
    public IBlobWriter Create(bool executable) => new StagedBlobWriter(this, writer.Staged);

    public MerkleRoot Add(ReadOnlySpan<byte> content)
    {
        using var blob = Create(executable: false);
        blob.Append(content);
        return blob.Commit();
    }

    /// <summary>Makes the siblings of the blobs that were written since the last time, on all processors.</summary>
    public void Compress(CancellationToken cancellation)
    {
        var maker = new SiblingMaker(writer);
        var missing = _blobs.Where(b => !_siblings.ContainsKey(b.Key)).OrderByDescending(b => b.Value.Size).ToList();
        var options = new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = cancellation };
        try
        {
            Parallel.ForEach(missing, options, blob =>
            {
                var sibling = maker.Make(blob.Key, blob.Value.StagedName, blob.Value.Size);
                lock (_gate)
                {
                    _siblings.Add(blob.Key, sibling);
                }
            });
        }
        catch (AggregateException e)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
        }
    }

    /// <summary>Gives every blob and sibling its place.</summary>
    public void Place()
    {
        foreach (var (root, blob) in _blobs)
        {
            writer.Place(blob.StagedName, RepositoryLayout.Blob(root));
            if (_siblings.GetValueOrDefault(root).StagedName is { } sibling)
            {
                writer.Place(sibling, RepositoryLayout.Sibling(root));
            }
        }
    }

    /// <summary>A further staged name of a blob's file.</summary>
    public string Link(MerkleRoot root) => writer.LinkStaged(_blobs[root].StagedName);

    /// <summary>Drops everything: the package is refused, or travels as its <c>.pkg</c> alone.</summary>
    public void Discard()
    {
        foreach (var name in _blobs.Values.Select(blob => blob.StagedName).Concat(_siblings.Values.Select(sibling => sibling.StagedName).OfType<string>()))
        {
            writer.Staged.Unlink(name);
        }

        _blobs.Clear();
        _siblings.Clear();
    }

    internal void Keep(MerkleRoot root, string stagedName, long size)
    {
        lock (_gate)
        {
            if (_blobs.TryAdd(root, (stagedName, size)))
            {
                return;
            }
        }

        writer.Staged.Unlink(stagedName);
    }
}

using Pm.Blobs;
using Pm.Packages;

namespace Pm.Repositories;

/// <summary>Takes blobs into <c>staged/</c>, hashed while they are written; each content once.</summary>
sealed class StagedBlobs(RepositoryWriter writer) : IBlobSink
{
    readonly Dictionary<MerkleRoot, (string StagedName, long Size)> _blobs = [];

    /// <summary>Size in bytes of every blob that was written, by its root.</summary>
    public long SizeOf(MerkleRoot root) => _blobs[root].Size;

    /// <summary>One inode per content: a repository does not keep the executable bit.</summary>
    public IBlobWriter Create(bool executable) => new StagedBlobWriter(this, writer.Staged);

    public MerkleRoot Add(ReadOnlySpan<byte> content)
    {
        using var blob = Create(executable: false);
        blob.Append(content);
        return blob.Commit();
    }

    /// <summary>Gives every blob its place.</summary>
    public void Place()
    {
        foreach (var (root, blob) in _blobs)
        {
            writer.Place(blob.StagedName, $"{RepositoryLayout.Blobs}/{root}");
        }
    }

    /// <summary>A further staged name of a blob's file.</summary>
    public string Link(MerkleRoot root) => writer.LinkStaged(_blobs[root].StagedName);

    /// <summary>Drops everything: the package travels as its <c>.pkg</c> alone.</summary>
    public void Discard()
    {
        foreach (var blob in _blobs.Values)
        {
            writer.Staged.Unlink(blob.StagedName);
        }

        _blobs.Clear();
    }

    internal void Keep(MerkleRoot root, string stagedName, long size)
    {
        if (!_blobs.TryAdd(root, (stagedName, size)))
        {
            writer.Staged.Unlink(stagedName);
        }
    }
}

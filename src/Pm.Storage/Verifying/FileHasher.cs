using Pm.Blobs;
using Pm.Linux;

namespace Pm.Storage.Verifying;

/// <summary>
/// Hashes files one after the other with the same memory, each inode that has more names than the store's and this one's once.
/// Not for two threads at once.
/// </summary>
sealed class FileHasher
{
    const int BufferSize = 128 * 1024;
    const int UsualLinks = 2;

    readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(BufferSize);
    readonly MerkleHasher _hasher = new();
    readonly Dictionary<(ulong Device, ulong Inode), MerkleRoot> _known = [];

    /// <summary>How many bytes were read.</summary>
    public long Bytes { get; private set; }

    /// <summary>The root of a file that was just opened.</summary>
    /// <exception cref="SystemCallException">It cannot be read.</exception>
    public MerkleRoot Of(ReadableFile file)
    {
        var key = (file.Status.Device, file.Status.Inode);
        if (file.Status.Links > UsualLinks && _known.TryGetValue(key, out var known))
        {
            return known;
        }
        var root = Read(file);
        if (file.Status.Links > UsualLinks)
        {
            _known.Add(key, root);
        }
        return root;
    }

    MerkleRoot Read(ReadableFile file)
    {
        long length = 0;
        int count;
        do
        {
            count = file.Read(_buffer);
            _hasher.Append(_buffer.AsSpan(0, count));
            length += count;
        }
        // A file that is as long as it said is at its end; what is appended meanwhile came after it was looked at.
        while (count > 0 && length != file.Status.Size);
        Bytes += length;
        return _hasher.Finish();
    }
}

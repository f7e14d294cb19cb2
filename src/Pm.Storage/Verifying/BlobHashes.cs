using System.Collections.Concurrent;
using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Verifying;

/// <summary>The content of files, each inode read once however many names it has. Thread-safe.</summary>
sealed class BlobHashes
{
    readonly ConcurrentDictionary<(ulong Device, ulong Inode), Lazy<MerkleRoot>> _known = [];
    long _bytes;

    public long Bytes => Volatile.Read(ref _bytes);

    public MerkleRoot Of(SafeFileHandle file)
    {
        var status = OpenFile.Status(file);
        return _known.GetOrAdd((status.Device, status.Inode), _ => new Lazy<MerkleRoot>(() =>
        {
            Interlocked.Add(ref _bytes, status.Size);
            return DiskView.RootOf(file);
        })).Value;
    }
}

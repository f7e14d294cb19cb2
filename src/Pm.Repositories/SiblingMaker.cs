using System.Buffers;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories;

/// <summary>Makes the compressed sibling of a blob, <c>blobs/&lt;merkle&gt;.zst</c>, where it is smaller by a sixteenth or more.</summary>
/// <remarks>Source: docs/formats/http.md. Safe for several threads.</remarks>
sealed class SiblingMaker(RepositoryWriter writer)
{
    /// <summary>Up to here a blob is compressed in memory.</summary>
    const int MaximumInMemory = 4 * 1024 * 1024;

    /// <summary>The longest sibling that a blob of <paramref name="size"/> bytes may have.</summary>
    public static long Limit(long size) => size - ((size + 15) / 16);

    /// <param name="root">The blob.</param>
    /// <param name="stagedName">Its file.</param>
    /// <param name="size">In bytes.</param>
    public StagedSibling Make(MerkleRoot root, string stagedName, long size)
    {
        var limit = Limit(size);
        if (limit <= 0)
        {
            return default;
        }

        // One that is there stays, also where another version of the library made it: other packages say its length, signed.
        if (SizeOfPlaced(root) is { } placed && placed <= limit)
        {
            return new StagedSibling(null, placed);
        }

        using var blob = new FileStream(writer.Staged.OpenRead(stagedName), FileAccess.Read, bufferSize: 0);
        return size <= MaximumInMemory ? MakeSmall(blob, (int)size, (int)limit) : MakeLarge(blob, limit);
    }

    long? SizeOfPlaced(MerkleRoot root)
    {
        using var blobs = writer.Served.TryOpenBeneath(RepositoryLayout.Blobs);
        return blobs?.Status(RepositoryLayout.SiblingName(root)) is { IsRegular: true } there ? there.Size : null;
    }

    StagedSibling MakeSmall(FileStream blob, int size, int limit)
    {
        var plain = ArrayPool<byte>.Shared.Rent(size);
        var packed = ArrayPool<byte>.Shared.Rent(limit);
        try
        {
            blob.ReadExactly(plain, 0, size);
            return ZstandardFrame.TryCompress(plain.AsSpan(0, size), packed.AsSpan(0, limit)) is { } length
                ? new StagedSibling(writer.Stage(packed.AsSpan(0, length)), length)
                : default;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(plain);
            ArrayPool<byte>.Shared.Return(packed);
        }
    }

    StagedSibling MakeLarge(FileStream blob, long limit)
    {
        var name = DurableFile.TemporaryName();
        using var file = writer.Staged.CreateFile(name, RepositoryLayout.ServedFileMode);
        using (var packed = Compressor.Open(FileWriting.Stream(file, Path.Join(writer.Staged.Path, name)), Compression.Zstandard))
        {
            blob.CopyTo(packed, 128 * 1024);
        }

        var size = OpenFile.Status(file).Size;
        if (size <= limit)
        {
            return new StagedSibling(name, size);
        }

        writer.Staged.Unlink(name);
        return default;
    }
}

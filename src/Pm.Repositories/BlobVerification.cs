using Pm.Blobs;
using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories;

/// <summary>Checks blobs and their compressed siblings. Safe for several threads.</summary>
/// <param name="blobs">The directory; null where there is none.</param>
/// <param name="report">Told what is wrong.</param>
sealed class BlobVerification(DirectoryHandle? blobs, Action<RepositoryFinding> report)
{
    const int BufferSize = 128 * 1024;

    /// <returns>How many bytes were hashed.</returns>
    public long Run(MerkleRoot root, long size, long? compressedSize) =>
        Verify(RepositoryLayout.Blob(root), root, size, size)
        + (compressedSize is { } compressed ? Verify(RepositoryLayout.Sibling(root), root, size, compressed) : 0);

    long Verify(string path, MerkleRoot root, long size, long storedSize)
    {
        var name = RepositoryLayout.Split(path).Name;
        try
        {
            using var file = blobs?.TryOpenRead(name);
            if (file is null)
            {
                Report(FindingKind.Missing, path, "a published package needs it");
                return 0;
            }

            var actual = OpenFile.Status(file).Size;
            if (actual != storedSize)
            {
                Report(FindingKind.Damaged, path, $"expected {storedSize} bytes, got {actual}");
                return 0;
            }

            var stored = new FileStream(file, FileAccess.Read, bufferSize: 0);
            var plain = name.EndsWith(RepositoryLayout.SiblingSuffix, StringComparison.Ordinal) ? ZstandardFrame.Read(stored) : stored;
            using var stream = new VerifiedStream(plain, root, size, path);
            stream.CopyTo(Stream.Null, BufferSize);
            return size;
        }
        catch (Exception exception) when (exception is BlobMismatchException or SystemCallException or CodecException)
        {
            Report(FindingKind.Damaged, path, exception.Message);
            return 0;
        }
    }

    void Report(FindingKind kind, string path, string message) =>
        report(new RepositoryFinding(kind, $"{RepositoryLayout.Served}/{path}", message));
}

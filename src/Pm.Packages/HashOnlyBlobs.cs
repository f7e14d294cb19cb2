using Pm.Blobs;

namespace Pm.Packages;

/// <summary>Keeps nothing: for checking a package without unpacking it anywhere.</summary>
public sealed class HashOnlyBlobs : IBlobSink
{
    public IBlobWriter Create(bool executable) => new Writer();

    public bool IsConcurrent => true;

    sealed class Writer : IBlobWriter
    {
        readonly MerkleHasher _hasher = new();

        public void Append(ReadOnlySpan<byte> data) => _hasher.Append(data);

        public MerkleRoot Commit() => _hasher.Finish();

        public void Dispose()
        {
        }
    }
}

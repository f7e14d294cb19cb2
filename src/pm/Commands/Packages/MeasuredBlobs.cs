using Pm.Blobs;
using Pm.Packages;

namespace Pm.Cli.Commands.Packages;

/// <summary>Keeps no content, only how long each blob is, in bytes.</summary>
sealed class MeasuredBlobs : IBlobSink
{
    readonly Dictionary<MerkleRoot, long> _sizes = [];

    public long this[MerkleRoot root] => _sizes[root];

    public IBlobWriter Create(bool executable) => new Writer(this);

    sealed class Writer(MeasuredBlobs blobs) : IBlobWriter
    {
        readonly MerkleHasher _hasher = new();

        public void Append(ReadOnlySpan<byte> data) => _hasher.Append(data);

        public MerkleRoot Commit()
        {
            var length = _hasher.Length;
            var root = _hasher.Finish();
            blobs._sizes[root] = length;
            return root;
        }

        public void Dispose()
        {
        }
    }
}

using Pm.Blobs;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>Keeps nothing and counts what a store would have to take: for a dry run. Safe for several packages at once.</summary>
sealed class DrySink(Store? store) : IBlobSink
{
    readonly Lock _lock = new();
    readonly HashSet<BlobName> _seen = [];

    public long CopiedBytes { get; private set; }

    public long SharedBytes { get; private set; }

    public IBlobWriter Create(bool executable) => new Writer(this, executable);

    void Count(BlobName blob, long length)
    {
        var isThere = store?.Has(blob.Root, blob.IsExecutable) == true;
        lock (_lock)
        {
            if (_seen.Add(blob) && !isThere)
            {
                CopiedBytes += length;
            }
            else
            {
                SharedBytes += length;
            }
        }
    }

    sealed class Writer(DrySink sink, bool executable) : IBlobWriter
    {
        readonly MerkleHasher _hasher = new();
        long _length;

        public void Append(ReadOnlySpan<byte> data)
        {
            _hasher.Append(data);
            _length += data.Length;
        }

        public MerkleRoot Commit()
        {
            var root = _hasher.Finish();
            sink.Count(new BlobName(root, executable), _length);
            return root;
        }

        public void Dispose()
        {
        }
    }
}

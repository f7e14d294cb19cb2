using Pm.Blobs;
using Pm.Ebpf.Elf;
using Pm.Packages;

namespace Pm.Cli.Ebpf;

/// <summary>Keeps of a package the eBPF objects in memory, and of all else nothing.</summary>
sealed class ObjectBlobs : IBlobSink
{
    const int HeadSize = 20;

    readonly Dictionary<MerkleRoot, byte[]> _objects = [];

    /// <summary>The object; null where the blob is none.</summary>
    public byte[]? Find(MerkleRoot root) => _objects.GetValueOrDefault(root);

    public IBlobWriter Create(bool executable) => new Writer(this);

    sealed class Writer(ObjectBlobs blobs) : IBlobWriter
    {
        readonly MerkleHasher _hasher = new();
        readonly MemoryStream _kept = new();
        bool _isOther;

        public void Append(ReadOnlySpan<byte> data)
        {
            _hasher.Append(data);
            if (_isOther)
            {
                return;
            }

            _kept.Write(data);
            _isOther = _kept.Length > ElfLimits.Size || (_kept.Length >= HeadSize && !ElfObject.IsOne(_kept.GetBuffer().AsSpan(0, HeadSize)));
            if (_isOther)
            {
                _kept.SetLength(0);
                _kept.Capacity = 0;
            }
        }

        public MerkleRoot Commit()
        {
            var root = _hasher.Finish();
            if (!_isOther && _kept.Length >= HeadSize)
            {
                blobs._objects[root] = _kept.ToArray();
            }

            return root;
        }

        public void Dispose() => _kept.Dispose();
    }
}

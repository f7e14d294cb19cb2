using Pm.Blobs;

namespace Pm.Packages;

/// <summary>Blobs in memory, for small packages and for tests. Not safe for several threads.</summary>
public sealed class MemoryBlobs : IBlobSink
{
    readonly Dictionary<MerkleRoot, byte[]> _blobs = [];

    public IReadOnlyCollection<MerkleRoot> Roots => _blobs.Keys;

    public ReadOnlyMemory<byte> this[MerkleRoot root] => _blobs[root];

    public bool Contains(MerkleRoot root) => _blobs.ContainsKey(root);

    public Stream Open(MerkleRoot root) => new MemoryStream(_blobs[root], writable: false);

    public MerkleRoot Add(ReadOnlySpan<byte> data)
    {
        var root = MerkleRoot.Of(data);
        _blobs.TryAdd(root, data.ToArray());
        return root;
    }

    public IBlobWriter Create(bool executable) => new Writer(this);

    sealed class Writer(MemoryBlobs blobs) : IBlobWriter
    {
        readonly MemoryStream _data = new();

        public void Append(ReadOnlySpan<byte> data) => _data.Write(data);

        public MerkleRoot Commit() => blobs.Add(_data.GetBuffer().AsSpan(0, (int)_data.Length));

        public void Dispose() => _data.Dispose();
    }
}

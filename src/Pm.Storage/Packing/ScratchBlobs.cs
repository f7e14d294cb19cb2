using Pm.Blobs;
using Pm.Packages;

namespace Pm.Storage.Packing;

/// <summary>Blobs one after the other in one scratch file, for a package that is only passing through.</summary>
public sealed class ScratchBlobs(string folder) : IBlobSink, IDisposable
{
    readonly Stream _file = ScratchFile.Create(folder);
    readonly Dictionary<MerkleRoot, (long Offset, long Length)> _places = [];
    long _end;

    public IBlobWriter Create(bool executable) => new Writer(this);

    /// <exception cref="KeyNotFoundException">No such blob was written.</exception>
    public Stream Open(MerkleRoot root)
    {
        var (offset, length) = _places[root];
        return new RegionStream(_file, offset, length);
    }

    public void Dispose() => _file.Dispose();

    // One writer at a time: each continues where the last committed one ended.
    sealed class Writer(ScratchBlobs blobs) : IBlobWriter
    {
        readonly MerkleHasher _hasher = new();
        readonly long _start = blobs._end;
        long _length;

        public void Append(ReadOnlySpan<byte> data)
        {
            if (blobs._file.Position != _start + _length)
            {
                blobs._file.Position = _start + _length;
            }

            blobs._file.Write(data);
            _hasher.Append(data);
            _length += data.Length;
        }

        public MerkleRoot Commit()
        {
            var root = _hasher.Finish();
            if (blobs._places.TryAdd(root, (_start, _length)))
            {
                blobs._end = _start + _length;
            }

            return root;
        }

        public void Dispose()
        {
        }
    }
}

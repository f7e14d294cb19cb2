using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Repositories;

/// <summary>One blob on its way into <c>staged/</c>.</summary>
sealed class StagedBlobWriter : IBlobWriter
{
    readonly MerkleHasher _hasher = new();
    readonly StagedBlobs _blobs;
    readonly DirectoryHandle _staged;
    readonly string _name = DurableFile.TemporaryName();
    readonly SafeFileHandle _file;
    bool _isKept;

    public StagedBlobWriter(StagedBlobs blobs, DirectoryHandle staged)
    {
        _blobs = blobs;
        _staged = staged;
        _file = staged.CreateFile(_name, RepositoryLayout.ServedFileMode);
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        _hasher.Append(data);
        FileWriting.Write(_file, data, Path.Join(_staged.Path, _name));
    }

    public MerkleRoot Commit()
    {
        var size = _hasher.Length;
        var root = _hasher.Finish();
        _isKept = true;
        _blobs.Keep(root, _name, size);
        return root;
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isKept)
        {
            _staged.Unlink(_name);
        }
    }
}

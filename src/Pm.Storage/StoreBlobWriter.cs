using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage;

/// <summary>One blob being written into the store: hashed on the way, never read again.</summary>
sealed class StoreBlobWriter : IBlobWriter
{
    const int BufferSize = 64 * 1024;
    const int TemporaryMode = 0b110_000_000;

    readonly Store _store;
    readonly PendingFiles _pending;
    readonly bool _isExecutable;
    readonly MerkleHasher _hasher = new();
    readonly byte[] _buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
    int _filled;
    long _length;
    string? _name;
    SafeFileHandle? _file;
    bool _isDone;

    public StoreBlobWriter(Store store, PendingFiles pending, bool isExecutable)
    {
        _store = store;
        _pending = pending;
        _isExecutable = isExecutable;
    }

    public void Append(ReadOnlySpan<byte> data)
    {
        ObjectDisposedException.ThrowIf(_isDone, this);
        _hasher.Append(data);
        _length += data.Length;
        if (data.Length > BufferSize - _filled)
        {
            Flush();
        }
        if (data.Length >= BufferSize)
        {
            FileWriting.Write(File(), data);
            return;
        }
        data.CopyTo(_buffer.AsSpan(_filled));
        _filled += data.Length;
    }

    public MerkleRoot Commit()
    {
        ObjectDisposedException.ThrowIf(_isDone, this);
        var blob = new BlobName(_hasher.Finish(), _isExecutable);
        // A small blob that is already here was never written at all.
        var isNew = !_store.Has(blob);
        _store.Count(_length, isNew);
        if (isNew)
        {
            Flush();
            var file = File();
            FilePermissions.Set(file, blob.Mode);
            SetTime(file);
            _pending.Add(blob, _name!);
            _name = null;
        }
        Dispose();
        return blob.Root;
    }

    public void Dispose()
    {
        if (_isDone)
        {
            return;
        }
        _isDone = true;
        _file?.Dispose();
        System.Buffers.ArrayPool<byte>.Shared.Return(_buffer);
        if (_name is not null)
        {
            _pending.Discard(_name);
        }
    }

    static void SetTime(SafeFileHandle file) =>
        System.IO.File.SetLastWriteTimeUtc(file, Store.BlobTime.UtcDateTime);

    SafeFileHandle File() => _file ??= _pending.CreateFile(TemporaryMode, out _name);

    void Flush()
    {
        if (_filled > 0)
        {
            FileWriting.Write(File(), _buffer.AsSpan(0, _filled));
            _filled = 0;
        }
    }
}

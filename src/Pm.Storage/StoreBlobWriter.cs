using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage;

/// <summary>One blob being written into the store: hashed on the way, never read again.</summary>
sealed class StoreBlobWriter : IBlobWriter
{
    public const int BufferSize = 64 * 1024;

    /// <summary>From so many bytes on the disk begins while the next blobs come; the many small ones are cheaper written together.</summary>
    const int WriteBackFrom = 64 * 1024;

    [ThreadStatic]
    static MerkleHasher? _spareHasher;

    readonly Store _store;
    readonly PendingFiles _pending;
    readonly bool _isExecutable;
    readonly MerkleHasher _hasher = TakeHasher();
    readonly byte[] _buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(BufferSize);
    int _filled;
    long _length;
    PendingBlob? _pendingBlob;
    SafeFileHandle? _file;
    BlobName _blob;
    bool _isDone;

    public StoreBlobWriter(Store store, PendingFiles pending, bool isExecutable)
    {
        _store = store;
        _pending = pending;
        _isExecutable = isExecutable;
    }

    /// <summary>Keeps a small blob that is in memory whole: it is copied nowhere on its way.</summary>
    public static MerkleRoot Keep(Store store, PendingFiles pending, ReadOnlySpan<byte> content, bool isExecutable)
    {
        var hasher = TakeHasher();
        hasher.Append(content);
        var blob = new BlobName(hasher.Finish(), isExecutable);
        _spareHasher = hasher;
        if (pending.Contains(blob) || pending.TryCreateFile(blob, out var place) is not { } file)
        {
            store.Count(content.Length, isNew: false);
            return blob.Root;
        }
        try
        {
            using (file)
            {
                FileWriting.Write(file, content);
                if (!place.IsInPlace)
                {
                    FileWriting.SetTimes(file, Store.BlobTime);
                }
            }
        }
        catch
        {
            pending.Discard(blob, place);
            throw;
        }
        store.Count(content.Length, isNew: true);
        pending.Add(blob, place);
        return blob.Root;
    }

    /// <summary>The only content that is kept, and how messages call it; null: any.</summary>
    public (MerkleRoot Root, string Name)? Expected { get; init; }

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
        _blob = new BlobName(_hasher.Finish(), _isExecutable);
        var blob = _blob;
        if (Expected is { } expected && expected.Root != blob.Root)
        {
            Dispose();
            throw BlobMismatchException.Of(expected.Name, expected.Root, blob.Root, _length);
        }
        var isNew = TryMakeFile(blob);
        _store.Count(_length, isNew);
        if (isNew)
        {
            Flush();
            if (!_pendingBlob!.Value.IsInPlace)
            {
                FileWriting.SetTimes(_file!, Store.BlobTime);
            }
            if (_length >= WriteBackFrom)
            {
                FileWriting.StartWriteBack(_file!);
            }
            _pending.Add(blob, _pendingBlob!.Value);
            _pendingBlob = null;
        }
        // Only a hasher that has finished is ready for another blob.
        _spareHasher = _hasher;
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
        if (_pendingBlob is { } left)
        {
            _pending.Discard(_blob, left);
        }
    }

    static MerkleHasher TakeHasher()
    {
        var spare = _spareHasher;
        _spareHasher = null;
        return spare ?? new MerkleHasher();
    }

    /// <returns>False: it is here already. A small blob, which has waited for its name, was then never written at all.</returns>
    bool TryMakeFile(BlobName blob)
    {
        if (_file is not null)
        {
            return !_store.Has(blob);
        }
        if (_pending.Contains(blob) || _pending.TryCreateFile(blob, out var pending) is not { } file)
        {
            return false;
        }
        _file = Created(file, pending);
        return true;
    }

    SafeFileHandle File() => _file ??= Created(
        _pending.CreateFile(_isExecutable ? BlobName.ExecutableMode : BlobName.PlainMode, out var pending), pending);

    SafeFileHandle Created(SafeFileHandle file, PendingBlob pending)
    {
        _pendingBlob = pending;
        return file;
    }

    void Flush()
    {
        if (_filled > 0)
        {
            FileWriting.Write(File(), _buffer.AsSpan(0, _filled));
            _filled = 0;
        }
    }
}

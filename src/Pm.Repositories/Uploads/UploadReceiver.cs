using Microsoft.Win32.SafeHandles;
using Pm.Codecs;
using Pm.Linux;

namespace Pm.Repositories.Uploads;

/// <summary>One request that brings bytes of an upload. What has come stays when it ends too early, for the next to go on.</summary>
public sealed class UploadReceiver : IDisposable
{
    const int BufferSize = 256 * 1024;

    readonly UploadStore _store;
    readonly Sha256Digest _expected;
    readonly string _name;
    readonly UploadRange _range;
    readonly CancellationTokenSource _stop = new();
    readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    DigestContext? _digest;
    SafeFileHandle? _file;
    long _size;

    internal UploadReceiver(UploadStore store, Sha256Digest expected, string name, UploadRange range)
    {
        _store = store;
        _expected = expected;
        _name = name;
        _range = range;
    }

    /// <summary>Raised when another request takes over: read no more of this one.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>What is there of the upload, in bytes.</summary>
    public long Size => _size;

    internal Task Ended => _ended.Task;

    /// <exception cref="RepositoryException">PM5033, PM5038: more than is allowed, or than was announced.</exception>
    /// <exception cref="SystemCallException">The disk refused.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (_size + bytes.Length > _range.Total)
        {
            throw new RepositoryException("PM5039", $"expected {_range.Total} bytes in all, got more");
        }

        _store.Grow(_name, _size + bytes.Length);
        try
        {
            FileWriting.WriteAt(_file!, bytes, _size);
        }
        catch (SystemCallException)
        {
            GiveUp();
            throw;
        }

        _digest!.Append(bytes);
        _size += bytes.Length;
    }

    /// <summary>Ends a request whose body has come in full.</summary>
    /// <returns>Whether the upload is whole: then it is on the disk and stays there.</returns>
    /// <exception cref="RepositoryException">PM5034: the bytes are not those it is named by; they are gone.</exception>
    public bool Finish()
    {
        if (_size < _range.Total)
        {
            return false;
        }

        Span<byte> digest = stackalloc byte[Sha256Digest.Size];
        _digest!.Finish(digest);
        _digest.Dispose();
        _digest = null;
        if (new Sha256Digest(digest) is var actual && actual != _expected)
        {
            _store.Remove(_name);
            throw new RepositoryException("PM5034", $"the bytes that came have the SHA-256 {actual}, expected {_expected}");
        }

        try
        {
            FileWriting.SyncContent(_file!);
            _store.Settle(_name, _expected);
        }
        catch (SystemCallException)
        {
            GiveUp();
            throw;
        }

        _store.Directory.Sync();
        return true;
    }

    public void Dispose()
    {
        _file?.Dispose();
        _store.Leave(_name, this, _digest, _size);
        _ended.TrySetResult();
        _stop.Dispose();
    }

    /// <summary>Opens the file, cuts off what the client does not count on, and hashes what stays.</summary>
    internal void Open()
    {
        _file = OpenFile();
        var there = Linux.OpenFile.Status(_file).Size;
        if (_range.Offset > there)
        {
            throw new UploadGapException(there, _range.Offset);
        }

        if (_range.Offset < there)
        {
            FileWriting.Truncate(_file, _range.Offset);
            _store.Grow(_name, _range.Offset);
        }

        _digest = _store.TakeDigest(_name, _range.Offset);
        if (_digest is not null)
        {
            _size = _range.Offset;
            return;
        }

        _digest = new DigestContext(DigestAlgorithm.Sha256);
        var buffer = new byte[BufferSize];
        for (int read; _size < _range.Offset && (read = RandomAccess.Read(_file, buffer, _size)) > 0; _size += read)
        {
            _digest.Append(buffer.AsSpan(0, read));
        }
    }

    /// <summary>
    /// What the disk refused does not stay: it would keep a full disk full, and a sync that is tried again may succeed without what
    /// the first has lost. Source: trust-and-safety 6.1, rule 7.
    /// </summary>
    void GiveUp()
    {
        _digest?.Dispose();
        _digest = null;
        try
        {
            _store.Remove(_name);
        }
        catch (SystemCallException)
        {
            // The first error is the one to report; the rest goes with what nobody went on with.
        }
    }

    internal void Stop()
    {
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has ended by itself meanwhile.
        }
    }

    /// <summary>With the mode it is served with: publishing is a hard link.</summary>
    SafeFileHandle OpenFile()
    {
        var directory = _store.Directory;
        return directory.Status(_name) is null ? directory.CreateFile(_name, RepositoryLayout.ServedFileMode) : directory.OpenWrite(_name);
    }
}

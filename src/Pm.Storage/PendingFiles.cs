using System.Globalization;
using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;

namespace Pm.Storage;

/// <summary>
/// What this process has written into the store and not yet published. Each process has a directory of its own,
/// <c>pending/&lt;name&gt;</c>, beside a lock <c>pending/&lt;name&gt;.lock</c> that the kernel releases when it dies; the next
/// process that makes such a directory clears away those of the dead.
/// </summary>
sealed class PendingFiles : IDisposable
{
    const string LockSuffix = ".lock";

    static long _counter;

    readonly Store _store;
    readonly Lock _gate = new();
    readonly Dictionary<BlobName, string> _blobs = [];
    readonly Dictionary<MerkleRoot, string> _packages = [];
    DirectoryHandle? _directory;
    FileLock? _lock;
    string _session = "";
    long _next;

    public PendingFiles(Store store) => _store = store;

    public bool Contains(BlobName blob)
    {
        lock (_gate)
        {
            return _blobs.ContainsKey(blob);
        }
    }

    public SafeFileHandle? TryOpen(BlobName blob)
    {
        lock (_gate)
        {
            return _blobs.TryGetValue(blob, out var name) ? Directory().TryOpenRead(name) : null;
        }
    }

    public string? NameOf(MerkleRoot package)
    {
        lock (_gate)
        {
            return _packages.GetValueOrDefault(package);
        }
    }

    /// <summary>This process's own directory, made at the first need.</summary>
    public DirectoryHandle Directory()
    {
        lock (_gate)
        {
            return _directory ??= Begin();
        }
    }

    public string NextName() => Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);

    public SafeFileHandle CreateFile(int mode, out string name)
    {
        name = NextName();
        return Directory().CreateFile(name, mode);
    }

    public void Add(BlobName blob, string name)
    {
        lock (_gate)
        {
            if (!_blobs.TryAdd(blob, name))
            {
                Discard(name);
            }
        }
    }

    /// <summary>A directory <paramref name="name"/> that is to become <c>packages/&lt;hash&gt;</c>.</summary>
    public void Add(MerkleRoot package, string name)
    {
        lock (_gate)
        {
            if (_packages.Remove(package, out var older))
            {
                Discard(older);
            }
            _packages.Add(package, name);
        }
    }

    /// <summary>Forgets a file or directory; what cannot be removed now goes with the whole directory.</summary>
    public void Discard(string name)
    {
        try
        {
            Directory().RemoveTree(name);
        }
        catch (SystemCallException)
        {
        }
    }

    public void Publish()
    {
        lock (_gate)
        {
            if (_blobs.Count == 0 && _packages.Count == 0)
            {
                return;
            }
            // The handle was opened before anything was written, so an error of the write-back since then is told to
            // it, once. Source: syncfs(2), "since Linux 5.8".
            _store.Top.SyncFileSystem();
            PublishBlobs();
            PublishPackages();
        }
    }

    public void Dispose()
    {
        if (_directory is null)
        {
            return;
        }
        _directory.Dispose();
        Clear(_session);
        _lock?.Dispose();
    }

    void PublishBlobs()
    {
        foreach (var (blob, name) in _blobs)
        {
            PublishAs(name, _store.MadeShelf(blob), blob.File);
        }
        _blobs.Clear();
    }

    void PublishPackages()
    {
        using var packages = _store.Top.OpenOrMakeBeneath(Store.PackagesDirectory, Store.DirectoryMode);
        foreach (var (hash, name) in _packages)
        {
            PublishAs(name, packages, hash.ToString());
        }
        _packages.Clear();
    }

    /// <summary>What stands there already is as good and maybe linked to: it stays.</summary>
    void PublishAs(string name, DirectoryHandle to, string finalName)
    {
        try
        {
            _directory!.Rename(name, to, finalName, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY)
        {
            Discard(name);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            // A file system without RENAME_NOREPLACE; two writers then replace one good file by another.
            _directory!.Rename(name, to, finalName);
        }
    }

    DirectoryHandle Begin()
    {
        using var pending = _store.Top.OpenOrMakeBeneath(Store.PendingDirectory, Store.DirectoryMode);
        _session = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}");
        // Whoever sees this name without its lock held takes it for dead, so the lock comes first.
        while ((_lock = TryLock(_session)) is null)
        {
            _session += "x";
        }
        ClearDead(pending);
        return pending.OpenOrMakeBeneath(_session, Store.DirectoryMode);
    }

    FileLock? TryLock(string session) => FileLock.TryExclusive(PathOf(session) + LockSuffix, "pm");

    string PathOf(string session) => Path.Join(_store.Path, Store.PendingDirectory, session);

    /// <summary>Removes what killed processes left.</summary>
    public static void ClearDead(Store store)
    {
        if (store.Top.TryOpenBeneath(Store.PendingDirectory) is { } pending)
        {
            using (pending)
            {
                store.Pending.ClearDead(pending);
            }
        }
    }

    void ClearDead(DirectoryHandle pending)
    {
        var names = pending.Entries().Select(e => e.Name).ToList();
        foreach (var session in names.Select(n => n.EndsWith(LockSuffix, StringComparison.Ordinal) ? n[..^LockSuffix.Length] : n).Distinct())
        {
            if (session != _session)
            {
                using var taken = TryLock(session);
                if (taken is not null)
                {
                    Clear(session);
                }
            }
        }
    }

    /// <summary>Under the session's lock.</summary>
    void Clear(string session)
    {
        using var pending = _store.Top.OpenBeneath(Store.PendingDirectory);
        try
        {
            pending.RemoveTree(session);
            pending.RemoveTree(session + LockSuffix);
        }
        catch (SystemCallException)
        {
            // Not ours to remove, or a full disk: gc tries again.
        }
    }
}

using System.Globalization;
using System.Runtime.ExceptionServices;
using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;

namespace Pm.Storage;

/// <summary>What this process has written into the store and not yet published. See <see cref="PendingSession"/>.</summary>
sealed class PendingFiles : IDisposable
{
    /// <summary>Below so many blobs a second thread costs more than it gives.</summary>
    const int ParallelFrom = 500;

    readonly Store _store;
    readonly Lock _gate = new();
    readonly Dictionary<BlobName, PendingBlob> _blobs = [];
    readonly Dictionary<MerkleRoot, string> _packages = [];
    PendingSession? _session;
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
            return _blobs.TryGetValue(blob, out var pending) ? PlaceOf(blob, pending).TryOpenRead(pending.Name) : null;
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
    public DirectoryHandle Directory() => Session().Directory;

    public string NextName() => Interlocked.Increment(ref _next).ToString(CultureInfo.InvariantCulture);

    /// <summary>Makes a file for a blob whose root is not known yet.</summary>
    public SafeFileHandle CreateFile(int mode, out PendingBlob pending)
    {
        pending = new PendingBlob(NextName(), IsOnShelf: false);
        return Directory().CreateFile(pending.Name, mode);
    }

    /// <summary>
    /// Makes a file for a blob whose root is known: where it will stay, so that many threads do not wait for one directory, and
    /// publishing it moves nothing from one to another.
    /// </summary>
    public SafeFileHandle CreateFile(BlobName blob, out PendingBlob pending)
    {
        pending = new PendingBlob($".{Session().Name}.{NextName()}", IsOnShelf: true);
        return _store.MadeShelf(blob).CreateFile(pending.Name, blob.Mode);
    }

    public void Add(BlobName blob, PendingBlob pending)
    {
        lock (_gate)
        {
            if (_blobs.TryAdd(blob, pending))
            {
                return;
            }
        }
        Discard(blob, pending);
    }

    /// <summary>A directory <paramref name="name"/> that is to become <c>packages/&lt;hash&gt;</c>.</summary>
    public void Add(MerkleRoot package, string name)
    {
        lock (_gate)
        {
            if (_packages.Remove(package, out var older))
            {
                Discard(Directory(), older);
            }
            _packages.Add(package, name);
        }
    }

    /// <summary>Forgets the file of a blob.</summary>
    /// <param name="blob">Not looked at for one that lies in the session's directory.</param>
    /// <param name="pending">Where it is.</param>
    public void Discard(BlobName blob, PendingBlob pending) => Discard(PlaceOf(blob, pending), pending.Name);

    /// <summary>Forgets a file or directory of the session's directory.</summary>
    public void Discard(string name) => Discard(Directory(), name);

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
        foreach (var (blob, pending) in _blobs.Where(b => b.Value.IsOnShelf))
        {
            Discard(blob, pending);
        }
        _session?.Dispose();
    }

    PendingSession Session()
    {
        lock (_gate)
        {
            return _session ??= PendingSession.Begin(_store);
        }
    }

    DirectoryHandle PlaceOf(BlobName blob, PendingBlob pending) => pending.IsOnShelf ? _store.MadeShelf(blob) : Directory();

    void PublishBlobs()
    {
        if (_blobs.Count < ParallelFrom)
        {
            PublishBlobs(_blobs);
        }
        else
        {
            // By shelf: a directory is changed by one thread at a time.
            var shelves = _blobs.GroupBy(b => b.Key.Root.Bytes[0]).ToList();
            try
            {
                Parallel.ForEach(shelves, PublishBlobs);
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
        }
        _blobs.Clear();
    }

    void PublishBlobs(IEnumerable<KeyValuePair<BlobName, PendingBlob>> blobs)
    {
        foreach (var (blob, pending) in blobs)
        {
            var shelf = _store.MadeShelf(blob);
            PublishAs(pending.IsOnShelf ? shelf : _session!.Directory, pending.Name, shelf, blob.File);
        }
    }

    void PublishPackages()
    {
        using var packages = _store.Top.OpenOrMakeBeneath(Store.PackagesDirectory, Store.DirectoryMode);
        foreach (var (hash, name) in _packages)
        {
            PublishAs(_session!.Directory, name, packages, hash.ToString());
        }
        _packages.Clear();
    }

    /// <summary>What stands there already is as good and maybe linked to: it stays.</summary>
    static void PublishAs(DirectoryHandle from, string name, DirectoryHandle to, string finalName)
    {
        try
        {
            from.Rename(name, to, finalName, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY)
        {
            Discard(from, name);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            // A file system without RENAME_NOREPLACE; two writers then replace one good file by another.
            from.Rename(name, to, finalName);
        }
    }

    /// <summary>What cannot be removed now goes with the session.</summary>
    static void Discard(DirectoryHandle directory, string name)
    {
        try
        {
            directory.RemoveTree(name);
        }
        catch (SystemCallException)
        {
        }
    }
}

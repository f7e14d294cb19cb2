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
    readonly Lock _publishing = new();
    readonly Dictionary<BlobName, PendingBlob> _blobs = [];
    readonly Dictionary<MerkleRoot, string> _packages = [];
    readonly EarlySync _early;
    PendingSession? _session;
    long _next;

    public PendingFiles(Store store) => (_store, _early) = (store, new EarlySync(store.Path));

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
                _early.Count();
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

    /// <summary>Others may write on meanwhile: what they write is published the next time.</summary>
    public void Publish()
    {
        lock (_publishing)
        {
            var (blobs, packages) = Written();
            if (blobs.Length == 0 && packages.Length == 0)
            {
                return;
            }
            try
            {
                // The handle was opened before anything was written, so an error of the write-back since then is told to
                // it, once. Source: syncfs(2), "since Linux 5.8".
                _store.Top.SyncFileSystem();
            }
            catch (SystemCallException)
            {
                // Once: the next sync would succeed, and publish what is lost.
                Forget(blobs, packages);
                throw;
            }
            PublishBlobs(blobs);
            PublishPackages(packages);
        }
    }

    public void Dispose()
    {
        _early.Dispose();
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

    (KeyValuePair<BlobName, PendingBlob>[] Blobs, KeyValuePair<MerkleRoot, string>[] Packages) Written()
    {
        lock (_gate)
        {
            return ([.. _blobs], [.. _packages]);
        }
    }

    void Forget(KeyValuePair<BlobName, PendingBlob>[] blobs, KeyValuePair<MerkleRoot, string>[] packages)
    {
        lock (_gate)
        {
            foreach (var (blob, pending) in blobs)
            {
                _blobs.Remove(blob);
                Discard(blob, pending);
            }
            foreach (var (hash, name) in packages)
            {
                _packages.Remove(hash);
                Discard(name);
            }
        }
    }

    void PublishBlobs(KeyValuePair<BlobName, PendingBlob>[] blobs)
    {
        if (blobs.Length < ParallelFrom)
        {
            Rename(blobs);
        }
        else
        {
            // By shelf: a directory is changed by one thread at a time.
            try
            {
                Parallel.ForEach(blobs.GroupBy(b => b.Key.Root.Bytes[0]).ToList(), Rename);
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
        }
        lock (_gate)
        {
            foreach (var (blob, _) in blobs)
            {
                _blobs.Remove(blob);
            }
        }
    }

    void Rename(IEnumerable<KeyValuePair<BlobName, PendingBlob>> blobs)
    {
        foreach (var (blob, pending) in blobs)
        {
            var shelf = _store.MadeShelf(blob);
            PublishAs(pending.IsOnShelf ? shelf : _session!.Directory, pending.Name, shelf, blob.File);
        }
    }

    /// <summary>One that was written again since waits for its own sync.</summary>
    void PublishPackages(KeyValuePair<MerkleRoot, string>[] written)
    {
        using var packages = _store.Top.OpenOrMakeBeneath(Store.PackagesDirectory, Store.DirectoryMode);
        lock (_gate)
        {
            foreach (var (hash, name) in written.Where(p => _packages.GetValueOrDefault(p.Key) == p.Value))
            {
                PublishAs(_session!.Directory, name, packages, hash.ToString());
                _packages.Remove(hash);
            }
        }
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

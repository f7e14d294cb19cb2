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
        pending = new PendingBlob(NextName(), IsInPlace: false);
        return Directory().CreateFile(pending.Name, mode);
    }

    /// <summary>
    /// Makes a file for a blob whose root is known: under its final name, so that many threads do not wait for one directory,
    /// and publishing it renames nothing.
    /// </summary>
    /// <returns>Null: it is here already.</returns>
    public SafeFileHandle? TryCreateFile(BlobName blob, out PendingBlob pending)
    {
        var shelf = _store.MadeShelf(blob);
        pending = new PendingBlob(blob.File, IsInPlace: true);
        if (shelf.TryCreateFile(pending.Name, blob.Mode) is { } file)
        {
            return file;
        }
        if (Store.IsPublished(shelf.Status(blob.File)))
        {
            return null;
        }
        // Another process or thread is writing it, a dead one did not finish it, or somebody edited it through a link.
        return CreateFile(blob.Mode, out pending);
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
    public void Discard(BlobName blob, PendingBlob pending)
    {
        if (pending.IsInPlace)
        {
            DiscardInPlace([blob]);
        }
        else
        {
            Discard(pending.Name);
        }
    }

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
        DiscardInPlace([.. _blobs.Where(b => b.Value.IsInPlace).Select(b => b.Key)]);
        _session?.Dispose();
    }

    PendingSession Session()
    {
        lock (_gate)
        {
            return _session ??= PendingSession.Begin(_store);
        }
    }

    DirectoryHandle PlaceOf(BlobName blob, PendingBlob pending) => pending.IsInPlace ? _store.MadeShelf(blob) : Directory();

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
                if (!pending.IsInPlace)
                {
                    Discard(pending.Name);
                }
            }
            foreach (var (hash, name) in packages)
            {
                _packages.Remove(hash);
                Discard(name);
            }
        }
        DiscardInPlace([.. blobs.Where(b => b.Value.IsInPlace).Select(b => b.Key)]);
    }

    void PublishBlobs(KeyValuePair<BlobName, PendingBlob>[] blobs)
    {
        var inPlace = blobs.Where(b => b.Value.IsInPlace).ToList();
        if (inPlace.Count < ParallelFrom)
        {
            Mark(inPlace);
        }
        else
        {
            // By shelf: a directory is looked up in by one thread at a time.
            try
            {
                Parallel.ForEach(inPlace.GroupBy(b => b.Key.Root.Bytes[0]).ToList(), Mark);
            }
            catch (AggregateException e)
            {
                ExceptionDispatchInfo.Throw(e.InnerExceptions[0]);
            }
        }
        Move(blobs.Where(b => !b.Value.IsInPlace));
        lock (_gate)
        {
            foreach (var (blob, _) in blobs)
            {
                _blobs.Remove(blob);
            }
        }
    }

    void Mark(IEnumerable<KeyValuePair<BlobName, PendingBlob>> blobs)
    {
        foreach (var (blob, pending) in blobs)
        {
            _store.MadeShelf(blob).SetTimes(pending.Name, Store.BlobTime);
        }
    }

    void Move(IEnumerable<KeyValuePair<BlobName, PendingBlob>> blobs)
    {
        var taken = new List<KeyValuePair<BlobName, PendingBlob>>();
        foreach (var (blob, pending) in blobs)
        {
            if (!TryPublishAs(_session!.Directory, pending.Name, _store.MadeShelf(blob), blob.File))
            {
                taken.Add(new(blob, pending));
            }
        }
        Replace(taken);
    }

    /// <summary>What is published stays, for it may be linked to; what is not, whoever left it, gives way.</summary>
    void Replace(List<KeyValuePair<BlobName, PendingBlob>> blobs)
    {
        if (blobs.Count == 0)
        {
            return;
        }
        using var alone = _store.LockNames();
        foreach (var (blob, pending) in blobs)
        {
            var shelf = _store.MadeShelf(blob);
            if (Store.IsPublished(shelf.Status(blob.File)))
            {
                Discard(pending.Name);
            }
            else
            {
                _session!.Directory.Rename(pending.Name, shelf, blob.File);
            }
        }
    }

    /// <summary>But for those that another process has put a good one in the place of.</summary>
    void DiscardInPlace(IReadOnlyCollection<BlobName> blobs)
    {
        if (blobs.Count == 0)
        {
            return;
        }
        try
        {
            using var alone = _store.LockNames();
            foreach (var blob in blobs)
            {
                var shelf = _store.MadeShelf(blob);
                if (shelf.Status(blob.File) is { } status && !Store.IsPublished(status))
                {
                    Discard(shelf, blob.File);
                }
            }
        }
        catch (SystemCallException)
        {
            // A collection takes them.
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
                if (!TryPublishAs(_session!.Directory, name, packages, hash.ToString()))
                {
                    // What stands there already is as good.
                    Discard(name);
                }
                _packages.Remove(hash);
            }
        }
    }

    /// <returns>False: the name is taken.</returns>
    static bool TryPublishAs(DirectoryHandle from, string name, DirectoryHandle to, string finalName)
    {
        try
        {
            from.Rename(name, to, finalName, RenameMode.NoReplace);
            return true;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EEXIST or Errno.ENOTEMPTY)
        {
            return false;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            // A file system without RENAME_NOREPLACE; two writers then replace one good file by another.
            from.Rename(name, to, finalName);
            return true;
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

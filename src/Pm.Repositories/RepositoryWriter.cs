using Pm.Linux;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// A repository while it is changed: its lock is held, what an earlier writer left behind is gone, and new files stand
/// in <c>staged/</c> until <see cref="Place"/> and <see cref="PlaceOver"/> give them their names.
/// </summary>
sealed class RepositoryWriter : IDisposable
{
    const int BufferSize = 128 * 1024;

    readonly FileLock _lock;
    readonly HashSet<string> _touched = new(StringComparer.Ordinal);
    (string Path, DirectoryHandle? Handle) _last = ("", null);

    RepositoryWriter(string path, FileLock held, IReadOnlyList<SecretKey> brought)
    {
        _lock = held;
        Home = DirectoryHandle.Open(path);
        Staged = DirectoryHandle.Open(Path.Join(path, RepositoryLayout.Staged));
        Served = DirectoryHandle.Open(Path.Join(path, RepositoryLayout.Served));
        KeyDirectory = DirectoryHandle.Open(Path.Join(path, RepositoryLayout.Keys));
        Keys = new RoleKeyFiles(KeyDirectory, brought);
    }

    /// <summary>The directory with the others in it.</summary>
    public DirectoryHandle Home { get; }

    public DirectoryHandle Staged { get; }

    public DirectoryHandle Served { get; }

    public RoleKeyFiles Keys { get; }

    DirectoryHandle KeyDirectory { get; }

    /// <exception cref="LockBusyException">Another process changes the repository for too long.</exception>
    public static RepositoryWriter Open(string path, RepositoryAccess access)
    {
        MakePlaces(path);
        var held = FileLock.Exclusive(Path.Join(path, RepositoryLayout.Staged, RepositoryLayout.LockName), access.Holder,
            access.LockTimeout, access.Time, cancellation: access.Cancellation);
        try
        {
            var writer = new RepositoryWriter(path, held, access.Keys);
            RemoveLeftovers(writer.Staged);
            RemoveLeftovers(writer.Served);
            RemoveLeftovers(writer.KeyDirectory);

            // Who signed a pending change there may have been killed.
            DurableFile.ClearLeft(writer.Home);
            return writer;
        }
        catch
        {
            held.Dispose();
            throw;
        }
    }

    /// <summary>Whoever lost a repository and puts back what was served, from a mirror, has neither of the two.</summary>
    static void MakePlaces(string path)
    {
        using var home = DirectoryHandle.Open(path);
        string[] names = [RepositoryLayout.Keys, RepositoryLayout.Staged];
        if (home.Status(RepositoryLayout.Served) is { IsDirectory: true } && names.Any(name => home.Status(name) is null))
        {
            foreach (var name in names)
            {
                home.OpenOrMakeBeneath(name, RepositoryLayout.KeyDirectoryMode).Dispose();
            }

            home.Sync();
        }
    }

    /// <summary>Gives a staged file its place. One that is there already stays: its name says its content.</summary>
    /// <param name="stagedName">In <c>staged/</c>.</param>
    /// <param name="path">Below the served directory; a digest of the content is in it.</param>
    public void Place(string stagedName, string path)
    {
        var (directory, name) = PlaceOf(path);

        // Only a whole file has this size; what a disk damaged meanwhile is found by verify.
        if (directory.Status(name) is { IsRegular: true } there && there.Size == Staged.Status(stagedName)!.Value.Size)
        {
            Staged.Unlink(stagedName);
            return;
        }

        Staged.Rename(stagedName, directory, name);
    }

    /// <summary>
    /// As <see cref="Place"/>, under a name that does not say the content: what a publish that failed left there may be of
    /// another build, and no longer or shorter than this one.
    /// </summary>
    public void PlaceOver(string stagedName, string path)
    {
        var (directory, name) = PlaceOf(path);
        Staged.Rename(stagedName, directory, name);
    }

    /// <summary>Gives a staged file the name of one that changes.</summary>
    /// <param name="stagedName">In <c>staged/</c>.</param>
    /// <param name="name">In the served directory itself.</param>
    public void Replace(string stagedName, string name)
    {
        _touched.Add("");
        Staged.Rename(stagedName, Served, name);
    }

    /// <summary>A second name for a staged file, so that one inode serves two places.</summary>
    public string LinkStaged(string stagedName)
    {
        var second = DurableFile.TemporaryName();
        Staged.Link(Staged, stagedName, second);
        return second;
    }

    /// <summary>Stages a small file.</summary>
    public string Stage(ReadOnlySpan<byte> content)
    {
        var name = DurableFile.TemporaryName();
        using var file = Staged.CreateFile(name, RepositoryLayout.ServedFileMode);
        FileWriting.Write(file, content, Path.Join(Staged.Path, name));
        return name;
    }

    /// <summary>Stages a file that is written as a stream; buffered.</summary>
    public string Stage(Action<Stream> write)
    {
        var name = DurableFile.TemporaryName();
        using var file = Staged.CreateFile(name, RepositoryLayout.ServedFileMode);
        using var stream = new BufferedStream(FileWriting.Stream(file, Path.Join(Staged.Path, name)), BufferSize);
        write(stream);
        return name;
    }

    /// <summary>Makes the staged contents durable; before they are placed, in one call however many they are.</summary>
    public void SyncContents() => Staged.SyncFileSystem();

    /// <summary>Makes the names given by <see cref="Place"/> durable, deepest directories first.</summary>
    public void SyncNames()
    {
        foreach (var directory in WithParents(_touched).OrderByDescending(path => path.Length))
        {
            InDirectory(directory).Sync();
        }

        _touched.Clear();
    }

    /// <summary>Drops what is still staged; where the disk refuses, the next writer drops it.</summary>
    public void TryRemoveStaged()
    {
        try
        {
            RemoveLeftovers(Staged);
        }
        catch (SystemCallException)
        {
        }
    }

    public void Dispose()
    {
        _last.Handle?.Dispose();
        Home.Dispose();
        Staged.Dispose();
        Served.Dispose();
        KeyDirectory.Dispose();
        _lock.Dispose();
    }

    /// <summary>Its directory is synced also where the name is there already: a writer that was killed may have left it without.</summary>
    (DirectoryHandle Directory, string Name) PlaceOf(string path)
    {
        var (parent, name) = RepositoryLayout.Split(path);
        _touched.Add(parent);
        return (InDirectory(parent), name);
    }

    /// <summary>The last directory stays open: thousands of blobs go into one.</summary>
    DirectoryHandle InDirectory(string path)
    {
        if (path.Length == 0)
        {
            return Served;
        }

        if (_last.Path != path)
        {
            _last.Handle?.Dispose();
            _last = (path, Served.OpenOrMakeBeneath(path, RepositoryLayout.ServedDirectoryMode));
        }

        return _last.Handle!;
    }

    static void RemoveLeftovers(DirectoryHandle directory)
    {
        foreach (var entry in directory.Entries().ToList())
        {
            if (entry.Name.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal))
            {
                directory.Unlink(entry.Name);
            }
        }
    }

    static HashSet<string> WithParents(IEnumerable<string> paths)
    {
        var all = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in paths)
        {
            for (var at = path; all.Add(at) && at.Length > 0;)
            {
                at = RepositoryLayout.Split(at).Directory;
            }
        }

        return all;
    }
}

using Pm.Linux;
using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>
/// The directory in which one package is built: no one else's, locked while it is built, gone afterwards. Its path depends on the
/// name of the package alone, since compilers write it into what they make.
/// </summary>
sealed class BuildScratch : IDisposable
{
    const string Prefix = "pm-build-";
    const string KeptName = "kept";
    const string WorkName = "work";
    const string RootsName = "roots";
    const int OwnerAll = 0b111_000_000;
    const int DirectoryMode = 0b111_101_101;
    const int OthersAll = 0b000_111_111;
    const int FileMode = 0b110_100_100;

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    readonly DirectoryHandle _parent;
    readonly string _name;
    bool _isKept;

    BuildScratch(DirectoryHandle parent, DirectoryHandle directory, string name) => (_parent, Directory, _name) = (parent, directory, name);

    public DirectoryHandle Directory { get; }

    public string Path => Directory.Path;

    public BuildPlaces Places => new(System.IO.Path.Join(Path, WorkName), System.IO.Path.Join(Path, RootsName));

    /// <param name="options">Where; who is told that it is waited for.</param>
    /// <param name="package">What is built.</param>
    /// <param name="cancellation">Ends the waiting for another build of that name.</param>
    public static BuildScratch Make(BuildOptions options, PackageName package, CancellationToken cancellation)
    {
        var name = Prefix + package.FileText;
        if (TryMake(options.Scratch, name, options.Observer, cancellation) is { } scratch)
        {
            return scratch;
        }

        options.Observer.Note?.Invoke(
            $"{package}: {System.IO.Path.Join(options.Scratch, name)} cannot be had, so it is built in {options.Cache}; what it writes of its path differs from other machines");
        using (DirectoryHandle.OpenOrMake(options.Cache, OwnerAll))
        {
        }

        return TryMake(options.Cache, name, options.Observer, cancellation)
            ?? throw new SystemCallException("open", Errno.EEXIST, System.IO.Path.Join(options.Cache, name), "it is not a directory of one's own");
    }

    /// <summary>Makes the roots known by paths that are the same on every machine.</summary>
    public void Link(IReadOnlyList<string> roots)
    {
        Directory.MakeDirectory(RootsName, DirectoryMode);
        using var links = Directory.OpenBeneath(RootsName);
        for (var i = 0; i < roots.Count; i++)
        {
            links.Symlink(roots[i], System.IO.Path.GetFileName(Places.Root(i)));
        }
    }

    /// <summary>It stays when the build ends, until the next of that name.</summary>
    public void Keep()
    {
        using (Directory.CreateFile(KeptName, FileMode, exclusive: false))
        {
        }

        _isKept = true;
    }

    public void Dispose()
    {
        try
        {
            if (!_isKept)
            {
                _parent.RemoveTree(_name);
            }
        }
        catch (SystemCallException)
        {
            // The next build removes it; what this one was about is the news.
        }

        Directory.Dispose();
        _parent.Dispose();
    }

    /// <summary>Removes what a build of a package left that was killed.</summary>
    public static void Clear(BuildOptions options, PackageName package)
    {
        try
        {
            using var parent = DirectoryHandle.TryOpen(options.Scratch);
            if (parent is not null)
            {
                RemoveLeft(parent, Prefix + package.FileText);
            }
        }
        catch (SystemCallException)
        {
            // It is not this run's matter.
        }
    }

    static BuildScratch? TryMake(string parentPath, string name, StageObserver observer, CancellationToken cancellation)
    {
        DirectoryHandle? parent = null;
        try
        {
            parent = DirectoryHandle.TryOpen(parentPath);
            if (parent is null || Take(parent, name, observer, cancellation) is not { } directory)
            {
                parent?.Dispose();
                return null;
            }

            RemoveAllLeft(parent, name);
            return new BuildScratch(parent, Emptied(directory), name);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EACCES or Errno.EPERM or Errno.EROFS or Errno.ENOENT or Errno.ENOTDIR)
        {
            parent?.Dispose();
            return null;
        }
        catch
        {
            parent?.Dispose();
            throw;
        }
    }

    /// <summary>The directory, locked; null where it is somebody else's.</summary>
    static DirectoryHandle? Take(DirectoryHandle parent, string name, StageObserver observer, CancellationToken cancellation)
    {
        for (var isFirst = true; ; isFirst = false)
        {
            cancellation.ThrowIfCancellationRequested();
            try
            {
                parent.MakeDirectory(name, OwnerAll);
            }
            catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
            {
                if (parent.Status(name) is { } there && !IsOwn(there))
                {
                    return null;
                }
            }

            if (TryTake(parent, name) is { } directory)
            {
                return directory;
            }

            if (isFirst)
            {
                observer.Working?.Invoke($"waiting for another build in {System.IO.Path.Join(parent.Path, name)}");
            }

            cancellation.WaitHandle.WaitOne(Pause);
        }
    }

    /// <summary>Null where another has it, or removed it before it was locked.</summary>
    static DirectoryHandle? TryTake(DirectoryHandle parent, string name)
    {
        var directory = parent.TryOpenBeneath(name);
        if (directory is null)
        {
            return null;
        }

        if (directory.TryLock() && parent.Status(name) is { } named && named.IsSameFile(directory.Status()))
        {
            return directory;
        }

        directory.Dispose();
        return null;
    }

    static DirectoryHandle Emptied(DirectoryHandle directory)
    {
        try
        {
            foreach (var entry in directory.Entries().ToList())
            {
                directory.RemoveTree(entry.Name);
            }

            directory.MakeDirectory(WorkName, OwnerAll);
            using var work = directory.OpenBeneath(WorkName);
            foreach (var name in (string[])[BuildPlaces.SourceName, BuildPlaces.OutName, "build", "home", "tmp"])
            {
                work.MakeDirectory(name, DirectoryMode);
            }

            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>Removes what builds left that were killed: those of other packages, since one's own is emptied anyway.</summary>
    static void RemoveAllLeft(DirectoryHandle parent, string own)
    {
        foreach (var entry in parent.Entries().Where(e => e.Name.StartsWith(Prefix, StringComparison.Ordinal) && e.Name != own).ToList())
        {
            try
            {
                RemoveLeft(parent, entry.Name);
            }
            catch (SystemCallException)
            {
                // It is not this build's matter.
            }
        }
    }

    /// <summary>Not one that is in use, nor one that was to be kept.</summary>
    static void RemoveLeft(DirectoryHandle parent, string name)
    {
        if (parent.Status(name) is { } status && IsOwn(status) && TryTake(parent, name) is { } directory)
        {
            using (directory)
            {
                if (directory.Status(KeptName) is null)
                {
                    parent.RemoveTree(name);
                }
            }
        }
    }

    /// <summary>In a directory that all may write to, anybody may have made what has the name.</summary>
    static bool IsOwn(FileStatus status) => status.IsDirectory && status.Owner == SystemUser.EffectiveUserId && (status.Mode & OthersAll) == 0;
}

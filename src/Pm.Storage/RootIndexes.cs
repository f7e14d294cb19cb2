using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage;

/// <summary>What each remote of a root offers, one file a remote: <c>index/NAME</c> in the root's state. See docs/formats/index.md.</summary>
/// <remarks>All of it can be made again of the metadata that is kept beside it; only that is believed.</remarks>
public sealed class RootIndexes(Root root)
{
    /// <summary>In the root's state: a file for each remote.</summary>
    public const string DirectoryName = "index";

    const int DirectoryMode = 0b111_101_101;

    /// <summary>Maps the index of a remote; null before its first pull.</summary>
    /// <exception cref="PackageFormatException">PM2018: it is damaged, or of another version of pm.</exception>
    public MappedIndex? TryOpen(string remote)
    {
        using var directory = root.State.TryOpenBeneath(DirectoryName);
        if (directory is null || MappedFile.TryOpen(directory, remote) is not { } file)
        {
            return null;
        }

        try
        {
            return new MappedIndex(file, Path.Join(directory.Path, remote));
        }
        catch
        {
            ((IDisposable)file).Dispose();
            throw;
        }
    }

    /// <summary>As <see cref="TryOpen"/> for who makes a new one: a damaged one is as good as none.</summary>
    public MappedIndex? TryOpenWhole(string remote)
    {
        try
        {
            return TryOpen(remote);
        }
        catch (PackageFormatException)
        {
            return null;
        }
    }

    /// <summary>Puts another index in place of a remote's; the caller holds the root's lock. Who has the old one mapped keeps it.</summary>
    /// <param name="remote">A remote's name.</param>
    /// <param name="write">Writes the new one; a failure leaves the old.</param>
    public void Replace(string remote, Action<Stream> write)
    {
        using var directory = OpenOrMake();
        foreach (var left in directory.Entries().Where(entry => entry.Name.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal)).ToList())
        {
            directory.Unlink(left.Name);
        }

        DurableFile.Replace(directory, remote, write);
    }

    /// <summary>The first index of a root brings the directory: that it is there has to be on disk before anybody is told.</summary>
    DirectoryHandle OpenOrMake()
    {
        if (root.State.TryOpenBeneath(DirectoryName) is { } found)
        {
            return found;
        }

        var made = root.State.OpenOrMakeBeneath(DirectoryName, DirectoryMode);
        root.State.Sync();
        return made;
    }

    /// <summary>Forgets what a remote offers, durably.</summary>
    public void Remove(string remote)
    {
        using var directory = root.State.TryOpenBeneath(DirectoryName);
        if (directory?.Status(remote) is not null)
        {
            directory.Unlink(remote);
            directory.Sync();
        }
    }
}

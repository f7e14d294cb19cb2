using System.Globalization;
using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>
/// Gives what is not pm's in one tree of an application a name in another. A second name and no copy: what a running program still
/// writes into it is seen in both trees. Directories that are made for it are as open, and whose, as those it was in.
/// </summary>
sealed class Carrier
{
    const int OwnerAll = 0b111_000_000;
    const int GroupAll = 0b000_111_000;
    const int SetGroupId = 0b010_000_000_000;
    const int OthersAll = 0b000_000_111;

    readonly DirectoryHandle _from;
    readonly DirectoryHandle _to;
    readonly string _temporary;
    readonly List<(string Path, int Mode)> _modes = [];

    /// <param name="from">The tree before; not disposed.</param>
    /// <param name="to">The new tree; not disposed.</param>
    /// <param name="temporary">The name that a directory has until it is as it is to be.</param>
    public Carrier(DirectoryHandle from, DirectoryHandle to, string temporary)
    {
        _from = from;
        _to = to;
        _temporary = temporary;
    }

    /// <param name="carried">What needs a name; done twice, it changes nothing.</param>
    /// <param name="mayGiveWay">Where something else has the name, it gets another one; a directory then needs none.</param>
    /// <returns>The name of a file; null when it is gone by now, and for directories.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public string? Carry(CarriedPath carried, bool mayGiveWay)
    {
        // What is wrong with the source is no reason to look for another name.
        using var source = TryOpen(_from, DiskView.ParentOf(carried.From));
        var name = DiskView.NameOf(carried.From);
        if (source?.Status(name) is not { } status)
        {
            return null;
        }
        if (!carried.IsDirectory)
        {
            return Link(source, name, status, carried.To, mayGiveWay);
        }
        try
        {
            using var directory = OpenOrMake(carried.To);
            if ((status.Mode & OwnerAll) != OwnerAll && directory.Status().Mode == (status.Mode | OwnerAll))
            {
                // Made by somebody who was stopped before the last step of it.
                _modes.Add((carried.To, status.Mode));
            }
        }
        catch (SystemCallException e) when (mayGiveWay && e.Errno is Errno.ENOTDIR or Errno.ELOOP)
        {
            // Somebody put something else there since, and an empty directory is no loss.
        }
        return null;
    }

    /// <summary>Takes from the directories that were made what their owners have not either; nothing is carried any more.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public void SetModes()
    {
        // Those below first: the way to them leads through those above.
        foreach (var (path, mode) in Enumerable.Reverse(_modes))
        {
            using var parent = TryOpen(_to, DiskView.ParentOf(path));
            if (parent?.Status(DiskView.NameOf(path)) is { IsDirectory: true })
            {
                parent.SetMode(DiskView.NameOf(path), mode);
            }
        }
    }

    string? Link(DirectoryHandle source, string name, FileStatus status, string to, bool mayGiveWay)
    {
        var (wanted, stem) = (to, to);
        for (var i = 1; ; i++)
        {
            try
            {
                using var target = OpenOrMake(DiskView.ParentOf(wanted));
                target.Link(source, name, DiskView.NameOf(wanted));
                return wanted;
            }
            catch (SystemCallException e) when (e.Errno == Errno.ENOENT && source.Status(name) is null)
            {
                return null;
            }
            catch (SystemCallException e) when (mayGiveWay && e.Errno is Errno.EEXIST or Errno.ENOTDIR or Errno.ELOOP)
            {
                if (IsThere(status, wanted))
                {
                    return wanted;
                }
                // Since then somebody put something else there, or where its directory was: then it lies at the top.
                stem = e.Errno == Errno.EEXIST ? stem : to.Replace('/', '!');
                wanted = string.Create(CultureInfo.InvariantCulture, $"{stem}{PlanSuffix.Save}.{i}");
            }
        }
    }

    bool IsThere(FileStatus status, string path)
    {
        try
        {
            using var parent = TryOpen(_to, DiskView.ParentOf(path));
            return parent?.Status(DiskView.NameOf(path)) is { } there && there.IsSameFile(status);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP)
        {
            return false;
        }
    }

    DirectoryHandle OpenOrMake(string path)
    {
        if (TryOpen(_to, path) is { } found)
        {
            return found;
        }
        using var parent = OpenOrMake(DiskView.ParentOf(path));
        var name = DiskView.NameOf(path);
        var mode = Make(parent, name, StatusBefore(path));
        if ((mode & OwnerAll) != OwnerAll)
        {
            _modes.Add((path, mode));
        }
        return parent.OpenBeneath(name);
    }

    /// <summary>Under another name until it is whole: who finds it, we ourselves after a crash included, need not look at it again.</summary>
    /// <returns>The mode that it is to have in the end.</returns>
    int Make(DirectoryHandle parent, string name, FileStatus? before)
    {
        if (parent.Status(_temporary) is not null)
        {
            parent.RemoveDirectory(_temporary);
        }
        // Nobody else looks in before it is known who may.
        parent.MakeDirectory(_temporary, OwnerAll);
        try
        {
            var mode = before is { } like ? SetOwner(parent, like) : OwnerAll;
            parent.SetMode(_temporary, mode | OwnerAll);
            Placer.RenameNew(parent, _temporary, name);
            return mode;
        }
        catch (SystemCallException e)
        {
            parent.RemoveDirectory(_temporary);
            if (e.Errno != Errno.EEXIST)
            {
                throw;
            }
            // Somebody was faster.
            return OwnerAll;
        }
    }

    /// <returns>The mode that goes with the owner that it could be given.</returns>
    int SetOwner(DirectoryHandle parent, FileStatus like)
    {
        var made = parent.Status(_temporary) ?? throw new SystemCallException("statx", Errno.ENOENT, Path.Join(parent.Path, _temporary));
        if (made.Owner == like.Owner && made.Group == like.Group)
        {
            return like.Mode;
        }
        foreach (var owner in new[] { like.Owner, made.Owner })
        {
            try
            {
                parent.SetOwner(_temporary, owner, like.Group);
                return like.Mode;
            }
            catch (SystemCallException e) when (e.Errno is Errno.EPERM or Errno.EINVAL)
            {
                // Only a super-user gives away, and others only to groups of their own.
            }
        }
        // The group is another one now: it may do what everybody may.
        return (like.Mode & ~(GroupAll | SetGroupId)) | ((like.Mode & OthersAll) << 3);
    }

    FileStatus? StatusBefore(string path)
    {
        try
        {
            using var parent = TryOpen(_from, DiskView.ParentOf(path));
            return parent?.Status(DiskView.NameOf(path)) is { IsDirectory: true } status ? status : null;
        }
        catch (SystemCallException)
        {
            return null;
        }
    }

    static DirectoryHandle? TryOpen(DirectoryHandle top, string path) => top.TryOpenBeneath(path.Length == 0 ? "." : path);
}

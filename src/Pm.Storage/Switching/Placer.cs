using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>
/// Puts one file into a directory: as a link to the store's where that can serve, else as a clone or copy. Not safe for
/// several threads.
/// </summary>
sealed class Placer
{
    const int TemporaryMode = 0b110_000_000;

    readonly Store _store;
    DirectoryHandle? _withoutLinks;

    public Placer(Store store) => _store = store;

    /// <summary>Puts the file under its own name; nothing may be there.</summary>
    /// <param name="temporary">The name a copy has until it is whole.</param>
    /// <exception cref="SystemCallException">EEXIST: something is there after all.</exception>
    /// <exception cref="StoreException">PM4003: the store lacks the blob.</exception>
    public void PutNew(DirectoryHandle directory, TreeEntry entry, string temporary)
    {
        if (entry.Target is { } target)
        {
            directory.Symlink(target, entry.Name);
        }
        else if (!TryLink(directory, entry, entry.Name))
        {
            Copy(directory, entry, temporary);
            RenameNew(directory, temporary, entry.Name);
        }
    }

    /// <summary>Puts the file, whole, under a temporary name.</summary>
    public void PutBeside(DirectoryHandle directory, TreeEntry entry, string temporary)
    {
        if (entry.Target is { } target)
        {
            directory.Symlink(target, temporary);
        }
        else if (!TryLink(directory, entry, temporary))
        {
            Copy(directory, entry, temporary);
        }
    }

    /// <summary>Gives a file its name when nothing has it, also where the kernel cannot promise that.</summary>
    public static void RenameNew(DirectoryHandle directory, string from, string to)
    {
        try
        {
            directory.Rename(from, directory, to, RenameMode.NoReplace);
        }
        catch (SystemCallException e) when (e.Errno is Errno.EINVAL or Errno.ENOSYS)
        {
            if (directory.Status(to) is not null)
            {
                throw new SystemCallException("rename", Errno.EEXIST, Path.Join(directory.Path, to));
            }
            directory.Rename(from, directory, to);
        }
    }

    bool TryLink(DirectoryHandle directory, TreeEntry entry, string name)
    {
        if (entry.IsCopied || ReferenceEquals(_withoutLinks, directory) || _store.Shelf(entry.Blob) is not { } shelf)
        {
            return false;
        }
        try
        {
            directory.Link(shelf, entry.Blob.File, name);
            return true;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EXDEV or Errno.EPERM or Errno.EOPNOTSUPP or Errno.ENOSYS)
        {
            // Another file system, one without hard links, or protected_hardlinks: so it is for all files here.
            _withoutLinks = directory;
            return false;
        }
        catch (SystemCallException e) when (e.Errno is Errno.EMLINK or Errno.ENOENT)
        {
            // Too many links to this one blob (ext4: 65,000); or the store has it under the other mode only.
            return false;
        }
    }

    void Copy(DirectoryHandle directory, TreeEntry entry, string temporary)
    {
        using var source = _store.TryOpenFile(entry.Root)
            ?? throw new StoreException("PM4003", $"`{entry.Path}`: its blob {entry.Root} is not in the store", "pm verify --repair");
        using var target = directory.CreateFile(temporary, TemporaryMode);
        FileWriting.CopyInto(source, target, Path.Join(directory.Path, temporary));
        Finish(directory, target, entry, temporary);
    }

    static void Finish(DirectoryHandle directory, SafeFileHandle target, TreeEntry entry, string temporary)
    {
        var path = Path.Join(directory.Path, temporary);
        Ownership.Apply(target, entry.Owner, entry.Group, path);
        // After the owner: chown(2) takes set-id bits and capabilities away.
        FilePermissions.Set(target, entry.DiskMode, path);
        if (entry.Capabilities is { } capabilities && SystemUser.EffectiveUserId == 0)
        {
            ExtendedAttributes.Set(target, "security.capability", Convert.FromHexString(capabilities), path);
        }
        if (!entry.IsConfiguration)
        {
            directory.SetTimes(temporary, Store.BlobTime);
        }
    }
}

using Pm.Linux;
using Pm.Storage.Planning;

namespace Pm.Storage.Switching;

/// <summary>Whether a file is what pm put there: the store's own inode, the same link, or the same content.</summary>
sealed class FileIdentity
{
    readonly Store _store;

    public FileIdentity(Store store) => _store = store;

    public bool IsOurs(DirectoryHandle directory, string name, FileStatus status, TreeEntry entry)
    {
        if (status.IsSymbolicLink)
        {
            return entry.IsLink && directory.ReadLink(name) is { } target && TreeEntry.RootOfTarget(target) == entry.Root;
        }
        if (!status.IsRegular || entry.IsLink)
        {
            return false;
        }
        // With another time somebody wrote through the link: it is no longer what pm put there.
        if (status.Modified == Store.BlobTime
            && _store.Shelf(entry.Blob)?.Status(entry.Blob.File) is { } blob && blob.IsSameFile(status))
        {
            return true;
        }
        using var file = directory.OpenRead(name);
        return DiskView.RootOf(file) == entry.Root;
    }
}

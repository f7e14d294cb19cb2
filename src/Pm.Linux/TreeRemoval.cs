namespace Pm.Linux;

/// <summary>
/// Removes a tree with a bounded number of open directories, without following a link and without entering a mount. What lies too deep is moved
/// up beside the top of the tree first, so neither the stack nor the descriptors end in a tree made to exhaust them.
/// </summary>
sealed class TreeRemoval
{
    const int MaximumDepth = 64;
    const int OwnerAll = 0x1c0; // 0700

    readonly DirectoryHandle _top;

    TreeRemoval(DirectoryHandle top) => _top = top;

    public static void Remove(DirectoryHandle parent, string name)
    {
        switch (parent.Status(name)?.Kind)
        {
            case null:
                return;
            case FileKind.Directory:
                using (var top = OpenToEmpty(parent, name))
                {
                    new TreeRemoval(top).Empty();
                }
                parent.RemoveDirectory(name);
                return;
            default:
                parent.Unlink(name);
                return;
        }
    }

    // What was moved up appears in the top directory, which is therefore read until nothing is left.
    void Empty()
    {
        while (_top.Entries().Any())
        {
            Empty(_top, 0);
        }
    }

    void Empty(DirectoryHandle directory, int depth)
    {
        foreach (var entry in directory.Entries())
        {
            if (entry.Kind is not FileKind.Directory)
            {
                directory.Unlink(entry.Name);
            }
            else if (depth == MaximumDepth)
            {
                directory.Rename(entry.Name, _top, DurableFile.TemporaryName());
            }
            else
            {
                using (var below = OpenToEmpty(directory, entry.Name))
                {
                    Empty(below, depth + 1);
                }
                directory.RemoveDirectory(entry.Name);
            }
        }
    }

    /// <summary>
    /// Never into what somebody mounted there: that is not the tree's. Nothing of it is changed, its mode neither, since only what
    /// could be opened, or was refused for its mode after it was found to be no mount, gets another one.
    /// </summary>
    static DirectoryHandle OpenToEmpty(DirectoryHandle parent, string name)
    {
        DirectoryHandle directory;
        try
        {
            directory = Open(parent, name);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EACCES)
        {
            parent.SetMode(name, OwnerAll);
            return Open(parent, name);
        }
        try
        {
            if ((directory.Status().Mode & OwnerAll) != OwnerAll)
            {
                parent.SetMode(name, OwnerAll);
            }
            return directory;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    static DirectoryHandle Open(DirectoryHandle parent, string name) =>
        parent.TryOpenWithinMount(name) ?? throw new SystemCallException("open", Errno.ENOENT, Path.Join(parent.Path, name));
}

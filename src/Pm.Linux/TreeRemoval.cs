namespace Pm.Linux;

/// <summary>
/// Removes a tree with a bounded number of open directories and without following a link. What lies too deep is moved
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

    static DirectoryHandle OpenToEmpty(DirectoryHandle parent, string name)
    {
        if (parent.Status(name) is { IsDirectory: true } status && (status.Mode & OwnerAll) != OwnerAll)
        {
            parent.SetMode(name, OwnerAll);
        }
        return parent.OpenBeneath(name);
    }
}

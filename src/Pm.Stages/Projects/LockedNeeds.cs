using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Storage;

namespace Pm.Stages.Projects;

/// <summary>What a project's lockfile names is needed, though it may not be installed yet: gc leaves what was fetched for it.</summary>
public static class LockedNeeds
{
    /// <summary>The packages that are locked beside a root which is a project's; none for another root.</summary>
    public static IEnumerable<(MerkleRoot Package, string Reason)> Of(StoreRoot root)
    {
        ArgumentNullException.ThrowIfNull(root);
        if (Path.GetFileName(root.Path) != Project.StateDirectory || Read(Path.GetDirectoryName(root.Path)!) is not { } file)
        {
            return [];
        }

        return file.Packages.Where(p => p.Hash is not null)
            .Select(p => (p.Hash!.Value, $"{Path.Join(Path.GetDirectoryName(root.Path), Project.LockName)}: {p.Id} is locked"));
    }

    /// <summary>A lockfile that cannot be read, as somebody merges it perhaps, says nothing: what only it named can be fetched again.</summary>
    static Lockfile? Read(string directory)
    {
        try
        {
            using var handle = DirectoryHandle.TryOpen(directory);
            return handle?.TryReadFile(Project.LockName, Lockfile.MaximumSize) is { } bytes ? Lockfile.Parse(bytes, Project.LockName) : null;
        }
        catch (Exception e) when (e is PackageFormatException or SystemCallException or IOException)
        {
            return null;
        }
    }
}

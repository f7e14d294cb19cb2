using Pm.Linux;
using Pm.Storage;

namespace Pm.Stages.Roots;

/// <summary>
/// Metadata and index of remotes that there are not: what an interrupted adding or removing left. Were such a name used
/// again, for another place, what was believed of the first would be believed of it.
/// </summary>
static class RemoteLeftovers
{
    /// <param name="session">Opened to change, with nothing changed yet.</param>
    public static void Clear(RootSession session)
    {
        try
        {
            var known = session.Remotes.Remotes.Select(remote => remote.Name).ToHashSet(StringComparer.Ordinal);
            Clear(session.Root, Catalogue.MetadataParent, known);
            Clear(session.Root, RootIndexes.DirectoryName, known);
        }
        catch (Exception e) when (e is SystemCallException or StoreException)
        {
            // It can wait: a list that cannot be read, or a disk that takes nothing, is told to who needs it.
        }
    }

    static void Clear(Root root, string below, HashSet<string> known)
    {
        using var directory = DirectoryHandle.TryOpen(Path.Join(root.StatePath, below));
        var strange = (directory?.Entries() ?? []).Where(entry => !known.Contains(entry.Name)).ToList();
        foreach (var entry in strange)
        {
            directory!.RemoveTree(entry.Name);
        }

        if (strange.Count > 0)
        {
            directory!.Sync();
        }
    }
}

using Pm.Blobs;

namespace Pm.Packages;

/// <summary>Joins <c>meta/contents</c> and <c>meta/modes</c> into entries, and takes entries apart into the two.</summary>
static class PackageEntries
{
    const string Where = "meta/modes";

    /// <exception cref="PackageFormatException">PM2008: the two documents do not agree.</exception>
    public static PackageEntry[] Join(Contents contents, Modes modes)
    {
        var entries = new List<PackageEntry>(contents.Entries.Count + modes.Entries.Count);
        var (c, m) = (0, 0);
        while (c < contents.Entries.Count || m < modes.Entries.Count)
        {
            var order = c == contents.Entries.Count ? 1
                : m == modes.Entries.Count ? -1
                : PathOrder.Bytes.Compare(contents.Entries[c].Path, modes.Entries[m].Path);
            entries.Add(order switch
            {
                < 0 => new PackageEntry(contents.Entries[c].Path, EntryKind.File, PackageEntry.FileMode, contents.Entries[c].Root),
                0 => Both(contents.Entries[c], modes.Entries[m]),
                _ => Alone(modes.Entries[m]),
            });
            c += order <= 0 ? 1 : 0;
            m += order >= 0 ? 1 : 0;
        }

        CheckTree(entries);
        return [.. entries];
    }

    public static (Contents Contents, Modes Modes) Split(IEnumerable<PackageEntry> entries)
    {
        var contents = new List<ContentsEntry>();
        var modes = new List<ModeEntry>();
        foreach (var entry in entries)
        {
            var isExpressible = Contents.CanExpress(entry.Path);
            if (entry.Kind == EntryKind.File && isExpressible)
            {
                contents.Add(new ContentsEntry(entry.Path, entry.Root));
            }

            if (entry is not { Kind: EntryKind.File, Mode: PackageEntry.FileMode, Owner: null, Group: null, Capabilities: null }
                || !isExpressible)
            {
                var root = entry.Kind == EntryKind.File && !isExpressible ? entry.Root : (MerkleRoot?)null;
                modes.Add(new ModeEntry(
                    entry.Path, entry.Kind, entry.Mode, entry.Target, entry.Owner, entry.Group, entry.Capabilities, root));
            }
        }

        return (Contents.Of(contents), Modes.Of(modes));
    }

    /// <summary>Finds a path twice, an entry below a file or link, and a directory that goes without saying.</summary>
    /// <param name="sorted">By path bytes.</param>
    /// <exception cref="PackageFormatException">PM2008: the entries are not one tree.</exception>
    static void CheckTree(List<PackageEntry> sorted)
    {
        var leaves = sorted.Where(e => e.Kind != EntryKind.Directory).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var parents = Parents(sorted, leaves);
        foreach (var entry in sorted)
        {
            if (IsImplied(entry) && parents.Contains(entry.Path))
            {
                throw new PackageFormatException(
                    "PM2008", $"directory {Shown.Quote(entry.Path)} goes without saying, since something lies in it", Where);
            }
        }
    }

    /// <summary>A directory that is there anyway as soon as something lies in it.</summary>
    public static bool IsImplied(PackageEntry entry) =>
        entry is { Kind: EntryKind.Directory, Mode: PackageEntry.DirectoryMode, Owner: null, Group: null };

    /// <summary>Every directory that something lies in.</summary>
    /// <exception cref="PackageFormatException">PM2008: something lies below a leaf.</exception>
    public static HashSet<string> Parents(IEnumerable<PackageEntry> entries, HashSet<string> leaves)
    {
        var parents = new HashSet<string>(StringComparer.Ordinal);
        var known = parents.GetAlternateLookup<ReadOnlySpan<char>>();
        var blocked = leaves.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var entry in entries)
        {
            var path = entry.Path.AsSpan();
            for (var slash = path.LastIndexOf('/'); slash > 0; slash = path.LastIndexOf('/'))
            {
                path = path[..slash];
                if (!known.Add(path))
                {
                    break;
                }

                if (blocked.Contains(path))
                {
                    throw new PackageFormatException(
                        "PM2008", $"path {Shown.Quote(entry.Path)} lies below {Shown.Quote(path)}, which is not a directory");
                }
            }
        }

        return parents;
    }

    static PackageEntry Both(ContentsEntry file, ModeEntry mode) =>
        mode.Kind == EntryKind.File
            ? new PackageEntry(file.Path, EntryKind.File, mode.Mode, file.Root, null, mode.Owner, mode.Group, mode.Capabilities)
            : throw new PackageFormatException(
                "PM2008", $"path {Shown.Quote(file.Path)} is a file in meta/contents and something else in meta/modes", Where);

    static PackageEntry Alone(ModeEntry mode) =>
        mode.Kind != EntryKind.File || mode.Root is not null
            ? new PackageEntry(
                mode.Path, mode.Kind, mode.Mode, mode.Root ?? default, mode.Target, mode.Owner, mode.Group, mode.Capabilities)
            : throw new PackageFormatException(
                "PM2008", $"file {Shown.Quote(mode.Path)} stands in meta/modes, but not in meta/contents", Where);
}

using Pm.Blobs;
using Pm.Packages.Far;

namespace Pm.Packages;

/// <summary>Makes a package of entries whose blobs are known. The same entries, added in any order, give the same bytes.</summary>
/// <remarks>A meta file added by name wins over the one that would be derived. Source: docs/formats/package.md.</remarks>
public sealed class PackageBuilder(PackageId id)
{
    readonly Dictionary<string, PackageEntry> _entries = new(StringComparer.Ordinal);
    readonly Dictionary<string, ReadOnlyMemory<byte>> _meta = new(StringComparer.Ordinal);

    /// <summary>Whether set-user-id and set-group-id bits are kept; by default they are dropped.</summary>
    public bool KeepsSetId { get; init; }

    /// <summary>Adds an entry, its mode normalised by <see cref="ModeRule"/>. A directory may be added again.</summary>
    /// <exception cref="PackageFormatException">PM2004, PM2007, PM2008: a path no package can hold, or one that is there.</exception>
    public PackageBuilder Add(PackageEntry entry)
    {
        PackagePath.Check(entry.Path);
        var added = entry.Kind switch
        {
            EntryKind.File => entry with { Mode = ModeRule.OfFile(entry.Mode, KeepsSetId) },
            EntryKind.Directory => entry with { Mode = ModeRule.OfDirectory(entry.Mode, KeepsSetId) },
            _ => entry with { Mode = PackageEntry.SymlinkMode },
        };
        added = added with
        {
            Owner = entry.Owner is "root" or "" ? null : entry.Owner,
            Group = entry.Group is "root" or "" ? null : entry.Group,
        };
        if (!_entries.TryAdd(entry.Path, added) && !(entry.Kind == EntryKind.Directory && _entries[entry.Path] == added))
        {
            throw new PackageFormatException("PM2008", $"path {Shown.Quote(entry.Path)} is there twice");
        }

        return this;
    }

    public PackageBuilder AddFile(
        string path, MerkleRoot root, int mode = PackageEntry.FileMode, string? owner = null, string? group = null, string? capabilities = null) =>
        Add(new PackageEntry(path, EntryKind.File, mode, root, null, owner, group, capabilities));

    public PackageBuilder AddDirectory(
        string path, int mode = PackageEntry.DirectoryMode, string? owner = null, string? group = null) =>
        Add(new PackageEntry(path, EntryKind.Directory, mode, Owner: owner, Group: group));

    public PackageBuilder AddSymlink(string path, string target, string? owner = null, string? group = null) =>
        Add(new PackageEntry(path, EntryKind.Symlink, PackageEntry.SymlinkMode, Target: target, Owner: owner, Group: group));

    /// <param name="name">The name in <c>meta.far</c>, such as <c>meta/meta.yaml</c> or <c>meta/bin/pre-install</c>.</param>
    /// <param name="content">The bytes, taken verbatim.</param>
    /// <exception cref="PackageFormatException">PM2004, PM2008: not a name below <c>meta/</c>, or one that is there.</exception>
    public PackageBuilder AddMeta(string name, ReadOnlyMemory<byte> content)
    {
        PackagePath.Check(name);
        return name.StartsWith("meta/", StringComparison.Ordinal) && _meta.TryAdd(name, content)
            ? this
            : throw new PackageFormatException("PM2008", $"meta file {Shown.Quote(name)}: expected a new name below `meta/`");
    }

    /// <exception cref="PackageFormatException">PM20xx: the entries are not one tree, or a meta file contradicts them.</exception>
    public Package Build()
    {
        var leaves = _entries.Values.Where(e => e.Kind != EntryKind.Directory).Select(e => e.Path).ToHashSet(StringComparer.Ordinal);
        var parents = PackageEntries.Parents(_entries.Values, leaves);
        var entries = _entries.Values.Where(e => !(PackageEntries.IsImplied(e) && parents.Contains(e.Path))).ToList();
        var (contents, modes) = PackageEntries.Split(entries);

        var files = new Dictionary<string, ReadOnlyMemory<byte>>(_meta, StringComparer.Ordinal);
        files.TryAdd(Package.IdentityName, PackageIdentity.ToBytes(id));
        files.TryAdd(Package.ContentsName, contents.ToBytes());
        if (modes.Entries.Count > 0)
        {
            files.TryAdd(Package.ModesName, modes.ToBytes());
        }

        var package = Package.Open(FarWriter.ToBytes(files));
        CheckAgrees(package, entries);
        return package;
    }

    /// <summary>A meta file that was given may say other modes, but neither other files nor another identity.</summary>
    void CheckAgrees(Package package, List<PackageEntry> entries)
    {
        if (package.Id != id)
        {
            throw new PackageFormatException("PM2008", $"it says {package.Id}, expected {id}", Package.IdentityName);
        }

        var said = package.Entries.ToDictionary(e => e.Path, StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var isThere = said.Remove(entry.Path, out var other);
            if (isThere ? !IsSameThing(entry, other!) : !PackageEntries.IsImplied(entry with { Mode = PackageEntry.DirectoryMode }))
            {
                throw new PackageFormatException(
                    "PM2008", $"path {Shown.Quote(entry.Path)} is not what meta/contents and meta/modes say");
            }
        }

        if (said.Values.FirstOrDefault(e => e.Kind != EntryKind.Directory) is { } missing)
        {
            throw new PackageFormatException(
                "PM2008", $"path {Shown.Quote(missing.Path)} stands in meta/contents or meta/modes, but is not there");
        }
    }

    static bool IsSameThing(PackageEntry a, PackageEntry b) => a.Kind == b.Kind && a.Root == b.Root && a.Target == b.Target;
}

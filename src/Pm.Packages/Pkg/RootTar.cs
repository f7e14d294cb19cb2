using Pm.Codecs;
using Pm.Packages.Tar;

namespace Pm.Packages.Pkg;

/// <summary>Reads <c>root.tar</c>, the files of a package, into blobs and a package's entries, in one pass.</summary>
/// <remarks>
/// Owners in the archive are those of whoever made it and are passed over; a package says owners in
/// <c>meta/modes</c>. Modes are normalised, set-id bits kept, since the publisher signs them.
/// </remarks>
public sealed class RootTar
{
    const string CapabilityAttribute = "security.capability";

    readonly PkgLimits _limits;
    readonly string _name;
    readonly List<RootTarEntry> _entries = [];
    readonly List<PkgBlob> _blobs = [];
    readonly List<(int Entry, KeptContent Content, string? Capabilities)> _pending = [];
    readonly Dictionary<string, int> _files = new(StringComparer.Ordinal);
    readonly Dictionary<string, string> _links = new(StringComparer.Ordinal);

    RootTar(PkgLimits limits, string name)
    {
        _limits = limits;
        _name = name;
    }

    /// <summary>Everything but directories, in the order of the archive.</summary>
    public IReadOnlyList<RootTarEntry> Entries => _entries;

    /// <summary>The content of each file, in the order of the archive; one that is there twice stands here twice.</summary>
    public IReadOnlyList<PkgBlob> Blobs => _blobs;

    /// <param name="plain">The uncompressed archive.</param>
    /// <param name="sink">Where the contents go.</param>
    /// <param name="builder">Gets the entries.</param>
    /// <param name="limits">What the archive may ask for.</param>
    /// <param name="name">The archive in messages.</param>
    /// <param name="modes">Modes that win over the archive's; null: the archive's.</param>
    /// <exception cref="PackageFormatException">PM22xx: not an archive, or something no package may hold.</exception>
    public static RootTar Read(
        Stream plain, IBlobSink sink, PackageBuilder builder, PkgLimits limits, string name, Modes? modes = null)
    {
        var root = new RootTar(limits, name);
        var stated = modes?.Entries.ToDictionary(m => m.Path, m => m.Mode, StringComparer.Ordinal);
        var reader = new TarReader(
            plain, limits.Root with { MaximumTotalBytes = Math.Min(limits.Root.MaximumTotalBytes, limits.MaximumContentBytes) }, name);
        using var writers = new ContentWriters(sink);
        while (reader.Next() is { } entry)
        {
            root.Add(entry, reader.Data, writers, builder, stated);
        }

        root.CheckLinks();
        writers.Finish();
        root.AddFilesTo(builder);
        return root;
    }

    void Add(
        TarEntry entry, Stream content, ContentWriters writers, PackageBuilder builder, Dictionary<string, int>? stated)
    {
        var path = PkgNames.Plain(entry.Path);
        if (path == "." && entry.Kind == TarEntryKind.Directory)
        {
            return;
        }

        PackagePath.Check(path, _name);
        switch (entry.Kind)
        {
            case TarEntryKind.Directory:
                builder.AddDirectory(path, entry.Mode);
                break;
            case TarEntryKind.File:
                var mode = stated is null ? ModeRule.OfFile(entry.Mode, keepsSetId: true)
                    : stated.GetValueOrDefault(path, PackageEntry.FileMode);
                var kept = writers.Keep(content, entry.Size, (mode & 0b001_001_001) != 0);
                AddFile(path, entry.Mode, kept, Capabilities(entry));
                break;
            case TarEntryKind.Symlink:
                AddSymlink(path, entry.LinkTarget ?? "", builder);
                break;
            case TarEntryKind.HardLink:
                AddHardLink(path, PkgNames.Plain(entry.LinkTarget ?? ""), builder);
                break;
            default:
                throw new PackageFormatException("PM2213", $"a package cannot hold {Kind(entry)}", Where(path));
        }
    }

    void AddFile(string path, int mode, KeptContent content, string? capabilities)
    {
        _pending.Add((_entries.Count, content, capabilities));
        _entries.Add(new RootTarEntry(path, EntryKind.File, mode, default, default, null, IsHardLink: false));
        AddName(path);
    }

    void AddSymlink(string path, string target, PackageBuilder builder)
    {
        builder.AddSymlink(path, target);
        _links.Add(path, target);
        _entries.Add(new RootTarEntry(
            path, EntryKind.Symlink, PackageEntry.SymlinkMode, default, Sha256Digest.Of([]), target, IsHardLink: false));
    }

    void AddHardLink(string path, string target, PackageBuilder builder)
    {
        if (_links.TryGetValue(target, out var linkTarget))
        {
            AddSymlink(path, linkTarget, builder);
            return;
        }

        if (!_files.TryGetValue(target, out var file))
        {
            throw new PackageFormatException(
                "PM2212", $"a hard link to `{PathText.Show(target)}`, which is no file before it in the archive", Where(path));
        }

        var (_, content, _) = _pending[file];
        _pending.Add((_entries.Count, content, null));
        _entries.Add(_entries[_pending[file].Entry] with { Path = path, IsHardLink = true });
        AddName(path);
    }

    void AddName(string path)
    {
        if (!_files.TryAdd(path, _pending.Count - 1))
        {
            throw new PackageFormatException("PM2008", $"path {Shown.Quote(path)} is there twice");
        }
    }

    /// <summary>Contents are known now: the package gets its files, in the order of the archive.</summary>
    void AddFilesTo(PackageBuilder builder)
    {
        foreach (var (at, content, capabilities) in _pending)
        {
            var file = _entries[at] with { Blob = content.Blob, Digest = content.Digest };
            _entries[at] = file;
            _blobs.Add(file.Blob);
            builder.AddFile(file.Path, file.Blob.Root, file.Mode, capabilities: capabilities);
        }
    }

    void CheckLinks()
    {
        if (_limits.AllowsOutsideLinks)
        {
            return;
        }

        var resolution = new LinkResolution(_links);
        foreach (var (path, target) in _links)
        {
            if (resolution.LeadsOutside(path, target))
            {
                throw PkgFault.OutsideLink(Where(path), target);
            }
        }
    }

    string Where(string path) => $"{_name}: {PathText.Show(path)}";

    static string? Capabilities(TarEntry entry) =>
        entry.Attributes.TryGetValue(CapabilityAttribute, out var value) ? Convert.ToHexStringLower(value.Span) : null;

    static string Kind(TarEntry entry) => entry.Kind switch
    {
        TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice => "a device",
        TarEntryKind.Fifo => "a FIFO",
        _ => $"an entry of the type '{PathText.Show(entry.TypeFlag.ToString())}'",
    };
}

using System.Buffers;
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
    readonly Dictionary<string, RootTarEntry> _files = new(StringComparer.Ordinal);
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
        var reader = new TarReader(plain, limits.Root, name);
        using var digest = new DigestContext(DigestAlgorithm.Sha256);
        while (reader.Next() is { } entry)
        {
            root.Add(entry, reader.Data, sink, builder, stated, digest);
        }

        root.CheckLinks();
        return root;
    }

    void Add(
        TarEntry entry, Stream content, IBlobSink sink, PackageBuilder builder, Dictionary<string, int>? stated,
        DigestContext digest)
    {
        var path = PkgNames.Plain(entry.Path);
        if (path == "." && entry.Kind == TarEntryKind.Directory)
        {
            return;
        }

        var where = $"{_name}: {PathText.Show(path)}";
        PackagePath.Check(path, _name);
        switch (entry.Kind)
        {
            case TarEntryKind.Directory:
                builder.AddDirectory(path, entry.Mode);
                break;
            case TarEntryKind.File:
                var mode = stated is null ? ModeRule.OfFile(entry.Mode, keepsSetId: true)
                    : stated.GetValueOrDefault(path, PackageEntry.FileMode);
                AddFile(Store(path, entry.Mode, content, sink, (mode & 0b001_001_001) != 0, digest), builder, Capabilities(entry));
                break;
            case TarEntryKind.Symlink:
                AddSymlink(path, entry.LinkTarget ?? "", builder);
                break;
            case TarEntryKind.HardLink:
                AddHardLink(path, PkgNames.Plain(entry.LinkTarget ?? ""), builder, where);
                break;
            default:
                throw new PackageFormatException("PM2213", $"a package cannot hold {Kind(entry)}", where);
        }
    }

    RootTarEntry Store(string path, int mode, Stream content, IBlobSink sink, bool isExecutable, DigestContext digest)
    {
        using var writer = sink.Create(isExecutable);
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 17);
        var size = 0L;
        digest.Restart();
        try
        {
            for (int count; (count = content.Read(buffer)) > 0;)
            {
                writer.Append(buffer.AsSpan(0, count));
                digest.Append(buffer.AsSpan(0, count));
                size += count;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }

        Span<byte> sum = stackalloc byte[Sha256Digest.Size];
        digest.Finish(sum);
        var blob = new PkgBlob(writer.Commit(), size, isExecutable);
        return new RootTarEntry(path, EntryKind.File, mode, blob, new Sha256Digest(sum), null, IsHardLink: false);
    }

    void AddFile(RootTarEntry file, PackageBuilder builder, string? capabilities)
    {
        builder.AddFile(file.Path, file.Blob.Root, file.Mode, capabilities: capabilities);
        _blobs.Add(file.Blob);
        _entries.Add(file);
        _files.Add(file.Path, file);
    }

    void AddSymlink(string path, string target, PackageBuilder builder)
    {
        builder.AddSymlink(path, target);
        _links.Add(path, target);
        _entries.Add(new RootTarEntry(
            path, EntryKind.Symlink, PackageEntry.SymlinkMode, default, Sha256Digest.Of([]), target, IsHardLink: false));
    }

    void AddHardLink(string path, string target, PackageBuilder builder, string where)
    {
        if (_links.TryGetValue(target, out var linkTarget))
        {
            AddSymlink(path, linkTarget, builder);
            return;
        }

        if (!_files.TryGetValue(target, out var file))
        {
            throw new PackageFormatException(
                "PM2212", $"a hard link to `{PathText.Show(target)}`, which is no file before it in the archive", where);
        }

        AddFile(file with { Path = path, IsHardLink = true }, builder, null);
    }

    void CheckLinks()
    {
        if (_limits.AllowsOutsideLinks)
        {
            return;
        }

        var resolution = new LinkResolution(path => _links.GetValueOrDefault(path));
        foreach (var (path, target) in _links)
        {
            if (resolution.LeadsOutside(path, target))
            {
                throw PkgFault.OutsideLink($"{_name}: {PathText.Show(path)}", target);
            }
        }
    }

    static string? Capabilities(TarEntry entry) =>
        entry.Attributes.TryGetValue(CapabilityAttribute, out var value) ? Convert.ToHexStringLower(value.Span) : null;

    static string Kind(TarEntry entry) => entry.Kind switch
    {
        TarEntryKind.CharacterDevice or TarEntryKind.BlockDevice => "a device",
        TarEntryKind.Fifo => "a FIFO",
        _ => $"an entry of the type '{PathText.Show(entry.TypeFlag.ToString())}'",
    };
}

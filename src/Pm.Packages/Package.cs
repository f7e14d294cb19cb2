using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages.Far;

namespace Pm.Packages;

/// <summary>A package: what its <c>meta.far</c> says. Immutable. Source: docs/formats/package.md.</summary>
public sealed class Package
{
    /// <summary>Longest <c>meta.far</c> in bytes.</summary>
    public const int MaximumSize = 512 * 1024 * 1024;

    public const string IdentityName = "meta/package";
    public const string ContentsName = "meta/contents";
    public const string ModesName = "meta/modes";
    public const string DescriptionName = "meta/meta.yaml";

    readonly ImmutableDictionary<HookMoment, ReadOnlyMemory<byte>> _hooks;
    MerkleRoot? _contentHash;
    Contents? _contents;
    Modes? _modes;
    IReadOnlyList<PackageEntry>? _entries;

    Package(ReadOnlyMemory<byte> metaFar, MerkleRoot hash, IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        (MetaFar, Hash, MetaFiles) = (metaFar, hash, files);
        Id = PackageIdentity.Parse(Required(IdentityName).Span);
        Description = files.TryGetValue(DescriptionName, out var yaml) ? PackageDescription.Parse(yaml.Span, DescriptionName) : null;
        _hooks = Hooks(files);
        CheckDescription();
    }

    /// <summary>The package hash: the Merkle root of <see cref="MetaFar"/>.</summary>
    public MerkleRoot Hash { get; }

    /// <summary>Equal for two versions that install the same: contents, modes, hooks and dependencies without name and version.</summary>
    public MerkleRoot ContentHash => _contentHash ??= PackageContent.HashOf(this);

    public PackageId Id { get; }

    public ReadOnlyMemory<byte> MetaFar { get; }

    /// <summary><c>meta/meta.yaml</c>; null when the package has none, as Fuchsia's have not.</summary>
    public PackageDescription? Description { get; }

    public Contents Contents => _contents ??= Contents.Parse(Required(ContentsName).Span);

    public Modes Modes => _modes ??= MetaFiles.TryGetValue(ModesName, out var modes) ? Modes.Parse(modes.Span) : Modes.Empty;

    /// <summary>Files, symlinks and directories that are empty or unlike 0755, sorted by path bytes.</summary>
    public IReadOnlyList<PackageEntry> Entries => _entries ??= PackageEntries.Join(Contents, Modes);

    /// <summary>Every file of the <c>meta.far</c> by its name there (<c>meta/…</c>), known or not.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> MetaFiles { get; }

    /// <param name="metaFar">The bytes, which the package keeps and nobody may change.</param>
    /// <param name="expected">The hash it was asked for by.</param>
    /// <exception cref="PackageFormatException">PM2009: another hash; PM20xx: a document in it breaks its format.</exception>
    public static Package Open(ReadOnlyMemory<byte> metaFar, MerkleRoot? expected = null)
    {
        var package = OpenAgain(metaFar, expected);
        _ = package.Entries;
        return package;
    }

    /// <summary>
    /// As <see cref="Open"/>, for one that was opened before under the same hash: what it lists, which may be many thousands, is
    /// read when somebody asks for it.
    /// </summary>
    /// <inheritdoc cref="Open"/>
    public static Package OpenAgain(ReadOnlyMemory<byte> metaFar, MerkleRoot? expected)
    {
        if (metaFar.Length > MaximumSize)
        {
            throw new PackageFormatException("PM2008", $"it has {metaFar.Length} bytes, at most {MaximumSize} are read", "meta.far");
        }

        var hash = MerkleRoot.Of(metaFar.Span);
        if (expected is { } root && root != hash)
        {
            throw new PackageFormatException("PM2009", $"expected the package hash {root}, got {hash}", "meta.far");
        }

        var far = FarReader.Open(metaFar);
        var files = new SortedDictionary<string, ReadOnlyMemory<byte>>(PathOrder.Bytes);
        foreach (var entry in far.Entries)
        {
            if (!entry.Name.StartsWith("meta/", StringComparison.Ordinal))
            {
                throw new PackageFormatException("PM2008", $"file {Shown.Quote(entry.Name)} is not one of `meta/`", "meta.far");
            }

            PackagePath.Check(entry.Name, "meta.far");
            files.Add(entry.Name, far.Content(entry));
        }

        return new Package(metaFar, hash, files);
    }

    /// <summary>The bytes of a hook; null when the package has none for <paramref name="moment"/>.</summary>
    public ReadOnlyMemory<byte>? Hook(HookMoment moment) =>
        _hooks.TryGetValue(moment, out var script) ? script : default(ReadOnlyMemory<byte>?);

    /// <summary>Whether the user may edit <paramref name="path"/>: it lies in <c>etc/</c> or is named by <c>config:</c>.</summary>
    public bool IsConfiguration(string path) =>
        path.StartsWith("etc/", StringComparison.Ordinal)
        || (Description?.Config.Any(c => c.EndsWith('/') ? path.StartsWith(c, StringComparison.Ordinal) : path == c) ?? false);

    ReadOnlyMemory<byte> Required(string name) =>
        MetaFiles.TryGetValue(name, out var file)
            ? file
            : throw new PackageFormatException("PM2008", $"missing required file: \"{name}\"", "meta.far");

    void CheckDescription()
    {
        if (Description is { } d && (d.Name != Id.Name || d.Version != Id.Version))
        {
            throw new PackageFormatException(
                "PM2008", $"it describes {d.Name}@{d.Version}, but meta/package says {Id}", DescriptionName);
        }
    }

    static ImmutableDictionary<HookMoment, ReadOnlyMemory<byte>> Hooks(IReadOnlyDictionary<string, ReadOnlyMemory<byte>> files)
    {
        var hooks = ImmutableDictionary.CreateBuilder<HookMoment, ReadOnlyMemory<byte>>();
        foreach (var (name, script) in files)
        {
            if (name.StartsWith(HookNames.Folder, StringComparison.Ordinal)
                && HookNames.TryParse(name[HookNames.Folder.Length..], out var moment)
                && !hooks.TryAdd(moment, script))
            {
                throw new PackageFormatException("PM2008", $"two files say what runs at {HookNames.NameOf(moment)}", name);
            }
        }

        return hooks.ToImmutable();
    }
}

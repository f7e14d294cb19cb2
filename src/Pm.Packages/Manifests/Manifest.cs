using System.Collections.Immutable;
using Pm.Packages.Toml;

namespace Pm.Packages.Manifests;

/// <summary><c>pm.toml</c>: what the author of a package or a project writes. Source: docs/formats/manifest.md.</summary>
public sealed class Manifest
{
    /// <summary>Longest manifest in bytes.</summary>
    public const int MaximumSize = 1 << 20;

    /// <summary>Most unknown keys that are listed.</summary>
    public const int MostUnknown = 100;

    /// <summary>What it was read from: for messages that show the place of something.</summary>
    public required TomlDocument Document { get; init; }

    /// <summary>What is made here; null for a project that only uses packages, and for a workspace that only has members.</summary>
    public ManifestPackage? Package { get; init; }

    /// <summary>What the package has in it, or what a project brings down, in the order of the document.</summary>
    public ImmutableArray<ManifestModule> Modules { get; init; } = [];

    /// <summary>Of every scope, in the order of the document; no name twice in one scope, nor both public and private.</summary>
    public ImmutableArray<ManifestDependency> Dependencies { get; init; } = [];

    /// <summary>What takes the place of packages that dependencies name, wherever in the graph.</summary>
    public ImmutableArray<ManifestDependency> Patches { get; init; } = [];

    /// <summary>Where packages come from, first first.</summary>
    public ImmutableArray<ManifestRemote> Remotes { get; init; } = [];

    public ManifestBuild? Build { get; init; }

    /// <summary>The tools, and <c>linux</c> for the kernel, of which certain versions are needed.</summary>
    public ImmutableArray<ManifestConstraint> Constraints { get; init; } = [];

    /// <summary>The architectures that it is for, as uname(1) writes them; none: all.</summary>
    public ImmutableArray<string> Architectures { get; init; } = [];

    /// <summary>What can be switched on: the features and optional dependencies that each brings with it.</summary>
    public ImmutableArray<ManifestFeature> Features { get; init; } = [];

    /// <summary>Further packages of the same repository; null when this is no workspace.</summary>
    public ManifestWorkspace? Workspace { get; init; }

    /// <summary>The directory below the project in which <c>pm vendor</c> keeps what is locked; null: none.</summary>
    public string? Vendor { get; init; }

    /// <summary>Keys that pm does not know: to be warned of. The first of them, when there are more than <see cref="MostUnknown"/>.</summary>
    public ImmutableArray<UnknownField> UnknownFields { get; init; } = [];

    /// <param name="utf8">A manifest in TOML. It must not change afterwards.</param>
    /// <param name="file">Its name, for messages.</param>
    /// <exception cref="PackageFormatException">
    /// PM2101–PM2103: not TOML; PM2110: a key is missing, or has another type or value; PM2001, PM2002, PM2004, PM2031: a name, version, path or requirement is none.
    /// </exception>
    public static Manifest Parse(ReadOnlyMemory<byte> utf8, string file) =>
        new ManifestReader(TomlDocument.Read(utf8, file, new TomlLimits { Size = MaximumSize })).Read();

    /// <summary>Whether a manifest of that name is in JSON.</summary>
    public static bool IsJson(string file)
    {
        ArgumentNullException.ThrowIfNull(file);
        return file.EndsWith(".json", StringComparison.Ordinal);
    }

    /// <summary>Changes a manifest, whatever it is written in.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="file">Its name, for messages; its ending says what it is written in.</param>
    /// <param name="maximumSize">Longest in bytes.</param>
    /// <exception cref="PackageFormatException">PM2101-PM2103, PM2111: it is no TOML, or no JSON.</exception>
    public static IDocumentEditor Edit(ReadOnlyMemory<byte> utf8, string file, int maximumSize = MaximumSize) =>
        IsJson(file) ? new JsonEditor(utf8, file) : new TomlEditor(utf8, file, new TomlLimits { Size = maximumSize });

    /// <summary>Reads the same in JSON, as <c>ebpm.json</c> and <c>config.json</c> have it.</summary>
    /// <exception cref="PackageFormatException">PM2111: not JSON; else as <see cref="Parse"/>.</exception>
    public static Manifest ParseJson(ReadOnlyMemory<byte> utf8, string file) => new ManifestReader(JsonManifest.Read(utf8, file)).Read();
}

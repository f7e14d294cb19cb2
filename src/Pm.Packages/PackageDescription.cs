using System.Collections.Immutable;
using Pm.Packages.Yaml;

namespace Pm.Packages;

/// <summary><c>meta.yaml</c>: what a package says of itself. Source: docs/formats/meta-yaml.md.</summary>
public sealed record PackageDescription
{
    public required PackageName Name { get; init; }

    public required PackageVersion Version { get; init; }

    /// <summary>What it is, one sentence or more; may have several lines.</summary>
    public required string Description { get; init; }

    /// <summary>Where the package belongs, such as <c>/darwin/amd64</c>.</summary>
    public string? Namespace { get; init; }

    /// <summary>Where the package came from; the original's client fills it in.</summary>
    public string? Remote { get; init; }

    /// <summary><c>deps:</c>, sorted as written; no name twice.</summary>
    public ImmutableArray<Dependency> Dependencies { get; init; } = [];

    /// <summary><c>requires:</c>: a requirement, such as <c>^1.2</c>, for each name.</summary>
    public ImmutableSortedDictionary<PackageName, string> Requires { get; init; } = ImmutableSortedDictionary<PackageName, string>.Empty;

    /// <summary>The name for people.</summary>
    public string? Title { get; init; }

    /// <summary>An SPDX expression, as written.</summary>
    public string? Licence { get; init; }

    public string? Homepage { get; init; }

    public string? Developer { get; init; }

    /// <summary>The developer's OpenPGP fingerprint, as written.</summary>
    public string? DeveloperKey { get; init; }

    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>What others may look the package up by.</summary>
    public ImmutableArray<string> Provides { get; init; } = [];

    /// <summary>The path in the package of each command.</summary>
    public ImmutableSortedDictionary<string, string> Commands { get; init; } = Ordered<string>();

    /// <summary>Paths of configuration files; with '/' at its end, everything below.</summary>
    public ImmutableArray<string> Config { get; init; } = [];

    /// <summary>What is to be supervised: the settings of each unit, at least its <c>command</c>.</summary>
    public ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, string>> Units { get; init; } =
        Ordered<ImmutableSortedDictionary<string, string>>();

    /// <summary>Paths in the package of eBPF objects.</summary>
    public ImmutableArray<string> Ebpf { get; init; } = [];

    /// <summary>Keys that pm does not know.</summary>
    public ImmutableArray<UnknownField> UnknownFields { get; init; } = [];

    /// <exception cref="PackageFormatException">PM2011–PM2013: not YAML, or a field with another type or value.</exception>
    public static PackageDescription Parse(ReadOnlySpan<byte> yaml, string where) =>
        new DescriptionReader(YamlReader.Read(yaml, where), where).Read();

    /// <summary>A minimal document: fields in one fixed order, absent ones left out, unknown ones not kept.</summary>
    public byte[] ToBytes() => DescriptionWriter.ToBytes(this);

    public bool Equals(PackageDescription? other) =>
        other is not null
        && UnknownFields.SequenceEqual(other.UnknownFields)
        && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    public override int GetHashCode() => HashCode.Combine(Name, Version);

    static ImmutableSortedDictionary<string, TValue> Ordered<TValue>() =>
        ImmutableSortedDictionary.Create<string, TValue>(PathOrder.Bytes);
}

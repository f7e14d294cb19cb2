using System.Collections.Immutable;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>One package of source that is to be built.</summary>
public sealed record BuildRequest
{
    /// <summary>Where the manifest lies, absolute. Nothing is ever written below it.</summary>
    public required string Directory { get; init; }

    public required Manifest Manifest { get; init; }

    /// <summary>Absolute directories with <c>bin/</c>, <c>include/</c>, <c>lib/</c> of what the build needs, first first.</summary>
    public ImmutableArray<string> Roots { get; init; } = [];

    /// <summary>What counts as an input besides: a name, such as <c>dep bar</c>, and an identity, such as a package hash.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Inputs { get; init; } = [];

    /// <summary>What is known to change whenever the source does, such as a tree of git; null: the source is hashed to know it.</summary>
    public string? Source { get; init; }
}

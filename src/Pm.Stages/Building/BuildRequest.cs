using System.Collections.Immutable;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>One package of source that is to be built.</summary>
public sealed record BuildRequest
{
    /// <summary>Where the manifest lies, absolute. Nothing is ever written below it.</summary>
    public required string Directory { get; init; }

    public required Manifest Manifest { get; init; }

    /// <summary>What the build needs, by name and version: in this order their directories are looked through.</summary>
    public ImmutableArray<BuildDependency> Dependencies { get; init; } = [];

    /// <summary>Where these lie.</summary>
    public IEnumerable<string> Roots => Dependencies.Select(d => d.Root);

    /// <summary>As which they count.</summary>
    public IEnumerable<KeyValuePair<string, string>> Inputs => Dependencies.Select(d => KeyValuePair.Create($"dep {d.Id}", d.Hash.ToString()));

    /// <summary>What is known to change whenever the source does, such as a tree of git; null: the source is hashed to know it.</summary>
    public string? Source { get; init; }
}

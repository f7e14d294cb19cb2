using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Stages.Projects;

/// <summary>A package among the directories of a hub, as its manifest and the head of its README.md tell of it.</summary>
public sealed record HubEntry
{
    /// <summary>The name of its directory.</summary>
    public required string Folder { get; init; }

    /// <summary>What its manifest makes; null: it has none.</summary>
    public PackageId? Package { get; init; }

    public required string Title { get; init; }

    public string Summary { get; init; } = "";

    public string Category { get; init; } = "";

    public ImmutableArray<string> Tags { get; init; } = [];
}

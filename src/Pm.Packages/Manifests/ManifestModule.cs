using System.Collections.Immutable;

namespace Pm.Packages.Manifests;

/// <summary><c>[[module]]</c>: one program of a package, or one that a project brings down.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Source">Where it is: a path below the project, or a URL; null: found by its name.</param>
/// <param name="Version">As written: <c>0.10</c> without quotes is not <c>0.1</c>; null: the newest.</param>
public sealed record ManifestModule(string Name, string? Source, PackageVersion? Version)
{
    /// <summary>Of an eBPF program: what is said of the events of maps, by their names.</summary>
    public ImmutableSortedDictionary<string, ManifestEvents> Events { get; init; } = ImmutableSortedDictionary<string, ManifestEvents>.Empty;

    /// <summary>Of an eBPF program: functions that do the same in different ways; of each list the first that loads is used.</summary>
    public ImmutableArray<ImmutableArray<string>> Fallbacks { get; init; } = [];

    /// <summary>Of an eBPF program: macros that its compiler is told, <c>NAME</c> or <c>NAME=VALUE</c>.</summary>
    public ImmutableArray<string> Defines { get; init; } = [];
}

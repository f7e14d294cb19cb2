using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages;

namespace Pm.Storage;

/// <summary>One numbered, complete state of a root. Immutable once committed.</summary>
public sealed record Generation
{
    /// <summary>1, 2, 3 …; numbers are never used twice in a root.</summary>
    public required int Number { get; init; }

    public required DateTimeOffset Made { get; init; }

    /// <summary>The command line that made it.</summary>
    public required string Command { get; init; }

    /// <summary>Sorted by name.</summary>
    public required ImmutableArray<InstalledPackage> Packages { get; init; }

    /// <summary>The generation whose state this one restored.</summary>
    public int? RestoredFrom { get; init; }

    /// <summary>
    /// Directories that packages use and that were there before them, with "/" between the parts, sorted. pm removes a
    /// directory only when it made it, so that installing and removing gives back the very tree that was found.
    /// </summary>
    public ImmutableArray<string> FoundDirectories { get; init; } = [];

    /// <summary>The package of that name.</summary>
    public InstalledPackage? Find(PackageName name) => Packages.FirstOrDefault(p => p.Id.Name == name);

    /// <summary>Whether both hold the same packages, whatever they were installed for.</summary>
    public bool HoldsSamePackages(IReadOnlyCollection<InstalledPackage> packages) =>
        packages.Count == Packages.Length
        && new HashSet<MerkleRoot>(packages.Select(p => p.Hash)).SetEquals(Packages.Select(p => p.Hash));
}

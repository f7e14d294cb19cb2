using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages.Manifests;

namespace Pm.Packages.Locks;

/// <summary>A package that was chosen, and what it was when it was.</summary>
public sealed record LockedPackage
{
    public required PackageId Id { get; init; }

    /// <summary>Whose alone it is: "" for what all share, <c>.</c> for what the project needs for itself, <c>app</c> or <c>app › lib</c> for its dependents' own.</summary>
    public string Tree { get; init; } = "";

    /// <summary>Where it comes from: of a remote its name, of git the repository and what was asked for there.</summary>
    public required PackageSource Source { get; init; }

    /// <summary>The package hash; null for what is built from source here.</summary>
    public MerkleRoot? Hash { get; init; }

    /// <summary>Bytes of all its blobs; null where nobody said.</summary>
    public long? Size { get; init; }

    /// <summary>The primary fingerprint of who signed it, 40 upper-case digits; null: nobody, or it is built here.</summary>
    public string? Signer { get; init; }

    /// <summary>Of git: the commit that its branch, tag or name was.</summary>
    public string? Commit { get; init; }

    /// <summary>Of what is built here: the hash of its source; null for a path, which may change at any time.</summary>
    public string? SourceTree { get; init; }

    /// <summary>What it needs, sorted by name, shared ones first.</summary>
    public ImmutableArray<LockedNeed> Needs { get; init; } = [];

    /// <summary>Other versions that are this one under another label.</summary>
    public ImmutableArray<PackageVersion> Equivalents { get; init; } = [];

    /// <summary>The tree in which one of its needs is found.</summary>
    public string TreeOf(LockedNeed need)
    {
        ArgumentNullException.ThrowIfNull(need);
        return !need.IsPrivate ? Tree : Tree.Length == 0 ? Id.Name.Text : $"{Tree} › {Id.Name.Text}";
    }
}

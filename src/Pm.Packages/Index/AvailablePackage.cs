using System.Collections.Immutable;
using Pm.Blobs;

namespace Pm.Packages.Index;

/// <summary>What a remote says of one version of a package. Source: docs/formats/available-json.md.</summary>
public sealed record AvailablePackage(PackageId Id)
{
    public PackageName Name => Id.Name;

    public PackageVersion Version => Id.Version;

    /// <summary>The package hash; null when the package travels as its <c>.pkg</c> alone.</summary>
    public MerkleRoot? Hash { get; init; }

    public string Description { get; init; } = "";

    public string? Title { get; init; }

    public string? Namespace { get; init; }

    /// <summary>Bytes of all its blobs; null when not said.</summary>
    public long? SizeInBytes { get; init; }

    /// <summary>Bytes to fetch when nothing is there yet; null when not said.</summary>
    public long? DownloadSize { get; init; }

    public ImmutableArray<Dependency> Dependencies { get; init; } = [];

    public ImmutableSortedDictionary<PackageName, string> Requires { get; init; } = ImmutableSortedDictionary<PackageName, string>.Empty;

    public ImmutableArray<string> Provides { get; init; } = [];

    /// <summary>Withdrawn: still there for who names it exactly, never chosen.</summary>
    public bool IsYanked { get; init; }

    public string? YankReason { get; init; }

    /// <summary>When its repository published it, in whole seconds; null when not said.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>The version under which the same content was published first; null: it is like no other.</summary>
    public PackageVersion? SameAs { get; init; }

    /// <summary>Where it comes from, as the client configured it.</summary>
    public string? Remote { get; init; }

    /// <summary>The primary fingerprint of who signed it, 40 upper-case digits; null when not said.</summary>
    public string? Signer { get; init; }

    public bool Equals(AvailablePackage? other) =>
        other is not null
        && (Id, Hash, Description, Title, Namespace, SizeInBytes, DownloadSize)
            == (other.Id, other.Hash, other.Description, other.Title, other.Namespace, other.SizeInBytes, other.DownloadSize)
        && (IsYanked, YankReason, Remote, Signer) == (other.IsYanked, other.YankReason, other.Remote, other.Signer)
        && (Published, SameAs) == (other.Published, other.SameAs)
        && Dependencies.SequenceEqual(other.Dependencies)
        && Requires.SequenceEqual(other.Requires)
        && Provides.SequenceEqual(other.Provides);

    public override int GetHashCode() => HashCode.Combine(Id, Hash, Remote);
}

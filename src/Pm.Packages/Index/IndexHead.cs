using System.Collections.Immutable;
using Pm.Codecs;

namespace Pm.Packages.Index;

/// <summary>What an index was made from: as long as that is what is signed, nothing of it needs to be read again.</summary>
public sealed record IndexHead
{
    /// <summary>Nothing signed: of a list without metadata.</summary>
    public static IndexHead OfNobody { get; } = new() { Sources = [new IndexSource("targets", 1, DateTimeOffset.MaxValue)] };

    /// <summary>The metadata files, in the order in which they are asked for a package.</summary>
    public required ImmutableArray<IndexSource> Sources { get; init; }

    /// <summary>Whose signatures the files needed; with other keys than these they must be checked again.</summary>
    public Sha256Digest Keys { get; init; }

    /// <summary>To whom the first of the sources handed what the others say.</summary>
    public Sha256Digest Delegations { get; init; }

    /// <summary>Whether no package can be named by two sources, so that each may be taken over without the others.</summary>
    public bool AreSourcesDisjoint { get; init; }

    /// <summary>Whether target files are named by their hash in the repository.</summary>
    public bool IsConsistentSnapshot { get; init; }

    public bool Equals(IndexHead? other) => other is not null
        && Sources.SequenceEqual(other.Sources) && (Keys, Delegations, AreSourcesDisjoint, IsConsistentSnapshot)
            == (other.Keys, other.Delegations, other.AreSourcesDisjoint, other.IsConsistentSnapshot);

    public override int GetHashCode() => HashCode.Combine(Sources.Length, Keys);
}

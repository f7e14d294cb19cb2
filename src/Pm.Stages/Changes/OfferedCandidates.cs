using Pm.Packages;
using Pm.Packages.Index;
using Pm.Resolution;

namespace Pm.Stages.Changes;

/// <summary>What a remote offers of a name, for the resolver: of the versions that it does not look at nothing is made.</summary>
public sealed class OfferedCandidates(OfferedVersions offered) : ICandidates
{
    /// <inheritdoc/>
    public int Count => offered.Count;

    /// <summary>Whether versions with the same content are one. In a root they are not: what is installed is called as it was asked for.</summary>
    public bool MergesSame { get; init; }

    /// <inheritdoc/>
    public bool HasEquivalents => _hasEquivalents ??= MergesSame && Enumerable.Range(0, offered.Count).Any(i => offered.Standing(i).IsSame);

    bool? _hasEquivalents;

    /// <inheritdoc/>
    public bool HasTimes => true;

    /// <inheritdoc/>
    public Candidate this[int index]
    {
        get
        {
            var (dependencies, requires) = offered.Needs(index);
            var candidate = Candidate.Of(new PackageId(offered.Name, offered.Version(index)), dependencies, requires, offered.Standing(index).IsYanked);
            return HasEquivalents ? candidate with { Equivalence = (offered[index].SameAs ?? candidate.Id.Version).Text } : candidate;
        }
    }

    /// <inheritdoc/>
    public bool IsYanked(int index) => offered.Standing(index).IsYanked;

    /// <inheritdoc/>
    public bool IsPreRelease(int index) => offered.Standing(index).IsPreRelease;

    /// <inheritdoc/>
    public PackageVersion Version(int index) => offered.Version(index);

    /// <inheritdoc/>
    public int IndexOf(PackageVersion version) => offered.IndexOf(version);

    /// <inheritdoc/>
    public DateTimeOffset? Published(int index) => offered.Standing(index).Published;
}

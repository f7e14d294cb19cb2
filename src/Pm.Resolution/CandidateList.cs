using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Candidates that are there already.</summary>
public sealed class CandidateList : ICandidates
{
    readonly ImmutableArray<Candidate> _newestFirst;

    CandidateList(ImmutableArray<Candidate> newestFirst) => _newestFirst = newestFirst;

    /// <summary>Nothing is known by the name.</summary>
    public static CandidateList Empty { get; } = new([]);

    /// <inheritdoc/>
    public int Count => _newestFirst.Length;

    /// <inheritdoc/>
    public bool HasEquivalents => _newestFirst.Any(c => c.Equivalence is not null);

    /// <inheritdoc/>
    public bool HasTimes => _newestFirst.Any(c => c.Published is not null);

    /// <inheritdoc/>
    public Candidate this[int index] => _newestFirst[index];

    /// <summary>The candidates in any order; each version once.</summary>
    /// <param name="candidates">Of one name.</param>
    /// <param name="first">Of two that are of one precedence this is the newer, whatever their texts: what is there is not replaced by a look-alike.</param>
    public static CandidateList Of(IEnumerable<Candidate> candidates, PackageVersion? first = null) =>
        new([.. candidates.Order(Comparer<Candidate>.Create((a, b) => NewestFirst(a.Id.Version, b.Id.Version, first)))]);

    /// <inheritdoc/>
    public bool IsYanked(int index) => _newestFirst[index].IsYanked;

    /// <inheritdoc/>
    public bool IsPreRelease(int index) => Version(index).IsPreRelease;

    /// <inheritdoc/>
    public PackageVersion Version(int index) => _newestFirst[index].Id.Version;

    /// <inheritdoc/>
    public DateTimeOffset? Published(int index) => _newestFirst[index].Published;

    /// <inheritdoc/>
    public int IndexOf(PackageVersion version)
    {
        for (var i = 0; i < Count; i++)
        {
            if (Version(i) == version)
            {
                return i;
            }
        }

        return -1;
    }

    static int NewestFirst(PackageVersion left, PackageVersion right, PackageVersion? first) =>
        left != right && (left == first || right == first) && left.HasPrecedenceOf(right)
            ? (left == first ? -1 : 1)
            : right.CompareTo(left);
}

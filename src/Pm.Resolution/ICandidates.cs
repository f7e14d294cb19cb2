using Pm.Packages;

namespace Pm.Resolution;

/// <summary>
/// The versions of a name, newest first. What the search does not look at is never made: of most versions it asks no more than the two marks.
/// </summary>
public interface ICandidates
{
    int Count { get; }

    /// <summary>Whether some have the same <see cref="Candidate.Equivalence"/>; then all are read.</summary>
    bool HasEquivalents { get; }

    /// <summary>Whether some have a time of publication; then it is asked for where an age is wanted.</summary>
    bool HasTimes { get; }

    bool IsYanked(int index);

    bool IsPreRelease(int index);

    PackageVersion Version(int index);

    /// <summary>Where a version stands that is written so; −1: nowhere.</summary>
    int IndexOf(PackageVersion version);

    DateTimeOffset? Published(int index);

    Candidate this[int index] { get; }
}

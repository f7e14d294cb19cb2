using System.Collections.Immutable;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary>What became of a change of a repository's root or targets.</summary>
/// <param name="Change">What was or is to be changed, and whose signatures are there.</param>
/// <param name="IsTaken">Whether it is published; else it waits for signatures, or it was a dry run.</param>
/// <param name="Fingerprint">Of the root that is published; null where there is none yet.</param>
public sealed record ChangeOutcome(RepositoryChange Change, bool IsTaken, RootFingerprint? Fingerprint)
{
    /// <summary>The ids of keys that are made for it; in a dry run they are nobody's.</summary>
    public ImmutableArray<string> Fresh { get; init; } = [];
}

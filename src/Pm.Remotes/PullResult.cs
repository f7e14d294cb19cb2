using System.Collections.Immutable;

namespace Pm.Remotes;

/// <summary>What a pull brought; all of it is believed.</summary>
/// <param name="IsNew">Whether anything was fetched beyond an unchanged timestamp.</param>
/// <param name="Expires">Until when the publisher vouches for this state.</param>
/// <param name="Update">What the index has to take up; null: it says it all already.</param>
public sealed record PullResult(bool IsNew, DateTimeOffset Expires, IndexUpdate? Update)
{
    /// <summary>Targets that are no packages pm understands, each with the reason; of metadata that was read, not of all.</summary>
    public ImmutableArray<string> Ignored => Update?.Ignored ?? [];
}

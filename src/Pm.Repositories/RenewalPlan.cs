namespace Pm.Repositories;

/// <summary>What is to be signed again.</summary>
/// <param name="Root">Whether the root is.</param>
/// <param name="Bins">Which bins are.</param>
/// <param name="Targets">Whether targets are, and with them the snapshot.</param>
/// <param name="Snapshot">Whether the snapshot is, and with it the timestamp.</param>
/// <param name="Timestamp">Whether the timestamp is.</param>
sealed record RenewalPlan(bool Root, IReadOnlyList<int> Bins, bool Targets, bool Snapshot, bool Timestamp)
{
    /// <summary>The roles in the order in which they are written.</summary>
    public IReadOnlyList<string> Roles =>
    [
        .. Root ? ["root"] : (string[])[],
        .. Bins.Count > 0 ? [HashBins.Role] : (string[])[],
        .. Targets ? ["targets"] : (string[])[],
        .. Snapshot ? ["snapshot"] : (string[])[],
        .. Timestamp ? ["timestamp"] : (string[])[],
    ];
}

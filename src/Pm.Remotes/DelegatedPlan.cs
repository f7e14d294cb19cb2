using Pm.Codecs;
using Pm.Packages.Index;
using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>Which delegated roles have to be read for an index, and which of them the one before has already.</summary>
sealed class DelegatedPlan
{
    readonly TrustedMetadataSet _set;
    readonly Sha256Digest _delegations;
    readonly bool _areDisjoint;

    DelegatedPlan(TrustedMetadataSet set, IndexHead? old)
    {
        _set = set;
        // TAP 15: bins in a few words are roles like others where all of them are read.
        var delegations = set.Delegations?.Spelled();
        Paths = delegations is null ? null : new DelegatedPaths(delegations.Roles);
        _delegations = set.Delegations?.Digest ?? default;
        _areDisjoint = set.Targets!.Content.Targets.Count == 0 && Paths is { AreDisjoint: true };
        StillGood = new int?[old?.Sources.Length ?? 0];
        var known = CanTakeOver(old) ? old!.Sources.Select((source, number) => (source, number)).ToDictionary(s => s.source.Name, StringComparer.Ordinal) : [];
        Roles = [.. (delegations?.Roles ?? []).Select((role, number) => Plan(role, number + 1, known))];
    }

    /// <summary>The delegated roles in their order.</summary>
    public IReadOnlyList<PlannedRole> Roles { get; }

    /// <summary>For each source of the old index its number in the new one, where what it said still stands.</summary>
    public int?[] StillGood { get; }

    /// <summary>Which role may speak for which path; null where nothing is delegated.</summary>
    public DelegatedPaths? Paths { get; }

    /// <summary>The sources of the new index; those that have to be read first stand for themselves.</summary>
    public IndexSource[] Sources =>
    [
        new("targets", _set.Targets!.Content.Version, _set.Targets.Content.Expires),
        .. Roles.Select(role => role.Kept ?? new IndexSource(role.Role.Name, 0, DateTimeOffset.UnixEpoch)),
    ];

    /// <exception cref="MismatchException">The snapshot leaves out a role, or announces too much.</exception>
    public static DelegatedPlan Of(TrustedMetadataSet set, IndexHead? old) => new(set, old);

    /// <summary>Of roles that delegate further: an index of them is made anew with each change.</summary>
    public static IndexHead HeadOf(TrustedMetadataSet set, IEnumerable<IndexSource> delegated) => new()
    {
        Sources = [new("targets", set.Targets!.Content.Version, set.Targets.Content.Expires), .. delegated],
        Keys = set.Root.Content.Roles["targets"].Digest,
        Delegations = set.Delegations?.Digest ?? default,
        AreSourcesDisjoint = false,
        IsConsistentSnapshot = set.Root.Content.IsConsistentSnapshot,
    };

    public IndexHead HeadOf(IndexSource[] sources) => new()
    {
        Sources = [.. sources],
        Keys = _set.Root.Content.Roles["targets"].Digest,
        Delegations = _delegations,
        AreSourcesDisjoint = _areDisjoint,
        IsConsistentSnapshot = _set.Root.Content.IsConsistentSnapshot,
    };

    /// <summary>
    /// What an index has from a role may stay while the same keys vouch for the same paths. Where two roles could name one
    /// package, all are read again: an index does not know what the second said.
    /// </summary>
    bool CanTakeOver(IndexHead? old) => old is not null && _areDisjoint && old.AreSourcesDisjoint
        && old.Keys == _set.Root.Content.Roles["targets"].Digest && old.Delegations == _delegations;

    PlannedRole Plan(DelegatedRole role, int source, Dictionary<string, (IndexSource Source, int Number)> known)
    {
        var isKnown = known.TryGetValue(role.Name, out var old) && old.Source.Version == _set.NamedDelegated(role).Version;
        if (isKnown)
        {
            StillGood[old.Number] = source;
        }

        return new PlannedRole(role, source, isKnown ? old.Source : null);
    }

    /// <param name="Role">A delegated role.</param>
    /// <param name="Source">Its number among the sources of the index.</param>
    /// <param name="Kept">What the old index has of it; null: it has to be read.</param>
    public sealed record PlannedRole(DelegatedRole Role, int Source, IndexSource? Kept);
}

using System.Collections.Immutable;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary>
/// Works out the root and the targets that follow a change of keys, or a renewal. Snapshot, timestamp and bins sign online,
/// so their keys must be here; root and targets may be signed elsewhere (design: docs/adr/0016). Writes nothing.
/// </summary>
/// <param name="state">What is published; null: a repository is being made.</param>
/// <param name="files">The keys that are here.</param>
/// <param name="settings">For how long roles are vouched for.</param>
/// <param name="now">From when on.</param>
sealed class ChangePlanner(RepositoryState? state, RoleKeyFiles files, RepositorySettings settings, DateTimeOffset now)
{
    readonly Dictionary<string, TufKey> _keys = new(StringComparer.Ordinal);
    readonly Dictionary<string, ImmutableArray<SecretKey>> _fresh = [];
    readonly List<SecretKey> _brought = [];

    /// <summary>The keys of the roles are others.</summary>
    /// <exception cref="RepositoryException">PM5013: it cannot be done so.</exception>
    public PlannedChange Keys(KeyChange wanted)
    {
        Learn();
        var roles = RoleKey.Roles.Where(role => role != HashBins.Role || state?.BinKeys is not null || NamesBins(wanted))
            .ToDictionary(role => role, role => KeysAfter(role, wanted));
        return Plan(roles);
    }

    /// <summary>The same again, with a new expiry.</summary>
    /// <param name="renewed">root, targets or both.</param>
    public PlannedChange Renewal(IReadOnlyCollection<string> renewed)
    {
        Learn();
        var roles = state!.Root.Roles.ToDictionary();
        if (state.BinKeys is { } bins)
        {
            roles[HashBins.Role] = bins;
        }

        return Plan(roles, renewed);
    }

    PlannedChange Plan(Dictionary<string, RoleKeys> roles, IReadOnlyCollection<string>? renewed = null)
    {
        var isOffline = !IsHere("targets", roles["targets"]);
        if (isOffline && !roles.ContainsKey(HashBins.Role))
        {
            roles[HashBins.Role] = NewBins();
        }

        RequireHere(roles);

        var root = NextRoot(roles, renewed?.Contains("root") ?? false);
        var targets = NextTargets(roles, root, renewed?.Contains("targets") ?? false);
        return new PlannedChange(
            root is null && targets is null ? null : Signed(RepositoryChange.Of(state?.RootBytes, state?.TargetsBytes ?? default, root, targets).RequireSound(now)),
            _fresh.ToImmutableDictionary(), isOffline);
    }

    RepositoryChange Signed(RepositoryChange change) => RoleKey.Roles.SelectMany(role => files.Known(role)).Concat(_fresh.Values.SelectMany(keys => keys)).Concat(_brought)
        .DistinctBy(key => key.Public.Id).Aggregate(change, (so, key) => so.SignWhereKnown(key));

    /// <summary>The public halves that a root or a delegation may name.</summary>
    void Learn()
    {
        foreach (var key in (state?.Root.Keys.Values ?? []).Concat(state?.Targets.Delegations?.Keys.Values ?? []))
        {
            _keys[key.Id] = key;
        }
    }

    bool NamesBins(KeyChange wanted) => wanted.Roles.Contains(HashBins.Role) && state is not null
        ? throw new RepositoryException("PM5011", "there are no bins: targets.json names the packages itself, so its key is the one to replace")
        : wanted.Roles.Contains(HashBins.Role);

    RoleKeys KeysAfter(string role, KeyChange wanted)
    {
        var before = role == HashBins.Role ? state?.BinKeys : state?.Root.Roles[role];
        var ids = (before?.KeyIds ?? []).ToHashSet();
        if (wanted.Rotated.Contains(role))
        {
            var replaced = Replaced(role, before!);
            ids.ExceptWith(replaced);
            ids.UnionWith(replaced.Select(_ => Fresh(role)));
        }

        foreach (var (_, prefix) in wanted.Removed.Where(removed => removed.Role == role))
        {
            ids.Remove(Named(role, ids, prefix));
        }

        foreach (var (_, key) in wanted.Added.Where(added => added.Role == role))
        {
            var id = key is null ? Fresh(role) : Brought(role, key);
            if (!ids.Add(id))
            {
                throw new RepositoryException("PM5013", $"key {id} signs for the {role} role already");
            }
        }

        // In a repository that is being made a role that nothing is said of gets a key of its own.
        if (before is null && ids.Count == 0)
        {
            ids.Add(files.Find(role) is [var found, ..] ? Keep(role, found) : Fresh(role));
        }

        var threshold = wanted.Thresholds.Where(t => t.Role == role).Select(t => (int?)t.Count).LastOrDefault() ?? before?.Threshold ?? 1;
        return threshold >= 1 && threshold <= ids.Select(id => _keys[id].PublicHex).Distinct().Count()
            ? new RoleKeys(ids, threshold)
            : throw new RepositoryException("PM5013", $"the {role} role would have {ids.Count} {(ids.Count == 1 ? "key" : "keys")}, and {threshold} would have to sign",
                "--threshold ROLE=N says how many must sign");
    }

    /// <summary>
    /// Of a role that signs online all keys, lost or not: enough of them must lie here, and others would be of no use. Of root and targets those
    /// that lie here, not those that were brought: a key that lies elsewhere is not to be replaced by one on this machine.
    /// </summary>
    List<string> Replaced(string role, RoleKeys before)
    {
        if (role is not ("root" or "targets"))
        {
            return [.. before.KeyIds];
        }

        var here = files.Find(role).Select(key => key.Public.Id).Where(before.KeyIds.Contains).ToList();
        return here.Count > 0 ? here
            : throw new RepositoryException("PM5013", $"none of the keys of the {role} role is here: which of them is to be replaced, and by which?",
                $"pm repo key --remove {role}=KEYID --add {role}=FILE");
    }

    static string Named(string role, IEnumerable<string> ids, string prefix) => ids.Where(id => id.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)).ToList() switch
    {
        [var one] => one,
        [] => throw new RepositoryException("PM5013", $"the {role} role has no key {Trust.ShownText.Of(prefix)}", "pm repo key shows them"),
        _ => throw new RepositoryException("PM5013", $"the {role} role has several keys that begin with {Trust.ShownText.Of(prefix)}", "give more of its digits"),
    };

    string Fresh(string role) => Keep(role, SecretKey.Create());

    string Keep(string role, SecretKey key)
    {
        _fresh[role] = _fresh.GetValueOrDefault(role, []).Add(key);
        _keys[key.Public.Id] = key.Public;
        return key.Public.Id;
    }

    string Brought(string role, RoleKey key)
    {
        _keys[key.Key.Id] = key.Key;
        if (key.Secret is { } secret)
        {
            if (role is "root" or "targets")
            {
                _brought.Add(secret);
            }
            else
            {
                return Keep(role, secret);
            }
        }

        return key.Key.Id;
    }

    /// <summary>A key that an interrupted run made is used.</summary>
    RoleKeys NewBins() => new([files.Find(HashBins.Role) is [var found, ..] ? Keep(HashBins.Role, found) : Fresh(HashBins.Role)], 1);

    bool IsHere(string role, RoleKeys keys) => files.Find(role).Concat(_fresh.GetValueOrDefault(role, []))
        .Select(key => key.Public.Id).Distinct().Count(keys.KeyIds.Contains) >= keys.Threshold;

    void RequireHere(Dictionary<string, RoleKeys> roles)
    {
        var lacking = RoleKey.Roles.Where(role => LostKeys.MustBeHere(role) && roles.TryGetValue(role, out var keys) && !IsHere(role, keys)).ToList();
        if (lacking is [var first, ..])
        {
            throw new RepositoryException("PM5013",
                $"{first} is signed at every change, so {roles[first].Threshold} of its secret keys must lie here, in keys/{first}.json",
                (state is null ? "a role that is not named gets a key that lies here" : $"{LostKeys.Command(files.Home, state, files, lacking)} replaces what is not here")
                + $"; --add {first}=FILE takes a secret one");
        }
    }

    RootMetadata? NextRoot(Dictionary<string, RoleKeys> roles, bool isRenewed)
    {
        var top = roles.Where(role => role.Key != HashBins.Role).ToDictionary();
        if (state is not null && !isRenewed && top.All(role => state.Root.Roles[role.Key].IsSame(role.Value)))
        {
            return null;
        }

        var used = top.Values.SelectMany(keys => keys.KeyIds).ToHashSet();
        return new RootMetadata
        {
            Version = (state?.Root.Version ?? 0) + 1,
            Expires = Expiry("root"),
            IsConsistentSnapshot = state?.Root.IsConsistentSnapshot ?? true,
            Keys = _keys.Where(key => used.Contains(key.Key)).ToDictionary(),
            Roles = top,
        };
    }

    /// <summary>
    /// Null where the present ones stay good: signed by enough of the role's keys, and with the same bins. Null, too, where the packages stand in them
    /// and the next keys are here: then each publish makes others, and those that are there in the end are signed again with the change.
    /// </summary>
    TargetsMetadata? NextTargets(Dictionary<string, RoleKeys> roles, RootMetadata? root, bool isRenewed)
    {
        var delegations = roles.TryGetValue(HashBins.Role, out var bins) ? Bins().ToDelegations(_keys.Values, bins) : state?.Targets.Delegations;
        if (state is not null && !isRenewed && delegations?.Digest == state.Targets.Delegations?.Digest && (root is null || state.IsSignedFor("targets", root) || (delegations is null && IsHere("targets", roles["targets"]))))
        {
            return null;
        }

        return new TargetsMetadata
        {
            Version = state is null ? 1 : MetadataVersions.After("targets", state.Targets.Version, MetadataVersions.Forgotten(state.Root, root), also => LostKeys.Command(files.Home, state, files, also)),
            Expires = Expiry("targets"),
            Targets = bins is null && state is not null ? state.Targets.Targets : new Dictionary<string, TargetFile>(),
            Delegations = delegations,
        };

        // Who signs offline should not be asked for more bins soon; they are never fewer again.
        HashBins Bins() => new(Math.Max(
            state?.Bins?.Count ?? 0,
            IsHere("targets", roles["targets"]) && state?.Bins is not null ? 0 : Math.Max(HashBins.FewestOffline, HashBins.CountFor(state?.All().Count() ?? 0))));
    }

    DateTimeOffset Expiry(string role)
    {
        var exact = now + settings.Lifetimes.Of(role);
        return exact.AddTicks(-(exact.Ticks % TimeSpan.TicksPerSecond));
    }
}

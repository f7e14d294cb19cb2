using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;

namespace Pm.Trust.Tests.Tuf;

/// <summary>The client workflow over a simulator: what was believed is kept from one run to the next.</summary>
sealed class SimulatedClient(RepositorySimulator repository, DateTimeOffset now)
{
    byte[] _root = repository.Files["1.root.json"];
    byte[]? _timestamp;
    byte[]? _snapshot;
    byte[]? _targets;

    /// <summary>What is kept of delegated roles, by name.</summary>
    public Dictionary<string, byte[]> Delegated { get; } = [];

    public DateTimeOffset Now { get; set; } = now;

    public List<string> Fetched { get; } = [];

    public TrustedMetadataSet Refresh()
    {
        Fetched.Clear();
        var set = TrustedMetadataSet.Start(_root, Now, "testing");
        while (Fetch($"{set.Root.Content.Version + 1}.root.json") is { } next)
        {
            set.UpdateRoot(next);
            _root = next;
        }

        set.RequireCurrentRoot();
        RefreshTimestamp(set);
        RefreshSnapshot(set);
        if (_targets is null || !set.LoadTargets(_targets))
        {
            _targets = Fetch($"{set.NamedTargets.Version}.targets.json")!;
            set.UpdateTargets(_targets);
        }

        return set;
    }

    /// <summary>Refreshes, and looks for a target.</summary>
    public TargetSearch Find(string path) => Find(Refresh(), path);

    /// <summary>Looks for a target; what was fetched for an earlier one is not fetched again.</summary>
    public TargetSearch Find(TrustedMetadataSet set, string path)
    {
        var search = set.Search(path);
        while (search.Next is { } delegation)
        {
            search.Take(Read(set, delegation));
        }

        return search;
    }

    TargetsMetadata Read(TrustedMetadataSet set, Delegation delegation)
    {
        var role = delegation.Role;
        if (Delegated.TryGetValue(role.Name, out var kept) && set.TryReadDelegated(delegation, kept) is { } known)
        {
            return known;
        }

        var fetched = Fetch($"{set.NamedDelegated(role).Version}.{role.Name}.json")!;
        var said = set.ReadDelegated(delegation, fetched);
        Delegated[role.Name] = fetched;
        return said;
    }

    void RefreshTimestamp(TrustedMetadataSet set)
    {
        if (_timestamp is not null)
        {
            set.LoadTimestamp(_timestamp);
        }

        var fetched = Fetch("timestamp.json")!;
        if (set.UpdateTimestamp(fetched))
        {
            _timestamp = fetched;
        }
    }

    void RefreshSnapshot(TrustedMetadataSet set)
    {
        if (_snapshot is null || !set.LoadSnapshot(_snapshot))
        {
            var fetched = Fetch($"{set.Timestamp!.Content.Snapshot.Version}.snapshot.json")!;
            set.UpdateSnapshot(fetched);
            _snapshot = fetched;
        }
    }

    byte[]? Fetch(string name)
    {
        Fetched.Add(name);
        return repository.Files.GetValueOrDefault(name);
    }
}

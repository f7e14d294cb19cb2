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

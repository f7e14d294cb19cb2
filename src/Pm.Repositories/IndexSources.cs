using Pm.Packages.Index;

namespace Pm.Repositories;

/// <summary>What a repository's index is made from: targets.json and the bins.</summary>
sealed class IndexSources
{
    readonly RepositoryState _state;
    readonly IndexSource[] _sources;
    Dictionary<string, int> _good = [];
    IndexHead? _old;

    public IndexSources(RepositoryState state)
    {
        _state = state;
        _sources =
        [
            new IndexSource("targets", state.Targets.Version, state.Targets.Expires),
            .. Enumerable.Range(0, state.Bins?.Count ?? 0).Select(bin => new IndexSource(HashBins.NameOf(bin), state.VersionOf(bin), DateTimeOffset.UnixEpoch)),
        ];
    }

    public IndexHead Head => new()
    {
        Sources = [.. _sources],
        Keys = _state.Root.Roles["targets"].Digest,
        Delegations = _state.Targets.Delegations?.Digest ?? default,
        AreSourcesDisjoint = _state.Bins is not null,
        IsConsistentSnapshot = _state.Root.IsConsistentSnapshot,
    };

    /// <summary>Whether an index was made from all of these.</summary>
    public bool IsCurrent(IndexHead head) =>
        head.Sources.Select(source => (source.Name, source.Version)).SequenceEqual(_sources.Select(source => (source.Name, source.Version)));

    /// <summary>Reads what an older index does not have.</summary>
    public IndexBuilder Read(IndexHead? old)
    {
        _old = old;
        var head = Head;
        var mayStay = old is not null && old.AreSourcesDisjoint && head.AreSourcesDisjoint && old.Delegations == head.Delegations;
        var known = mayStay ? old!.Sources.ToDictionary(source => source.Name) : [];
        _good = _sources.Select((source, number) => (source, number))
            .Where(s => known.TryGetValue(s.source.Name, out var there) && there.Version == s.source.Version)
            .ToDictionary(s => s.source.Name, s => s.number);
        var builder = new IndexBuilder();
        for (var source = 0; source < _sources.Length; source++)
        {
            if (_good.ContainsKey(_sources[source].Name))
            {
                _sources[source] = known[_sources[source].Name];
            }
            else
            {
                Add(builder, source);
            }
        }

        return builder;
    }

    /// <summary>What a source of the older index is now; null: what it said does not stand any more.</summary>
    public int? StillGood(int source) => _good.TryGetValue(_old!.Sources[source].Name, out var number) ? number : null;

    void Add(IndexBuilder builder, int source)
    {
        var targets = source == 0 ? _state.Targets : _state.ReadBin(source - 1);
        _sources[source] = _sources[source] with { Expires = targets.Expires };
        foreach (var (path, file) in targets.Targets)
        {
            builder.Add(new IndexedPackage(RepositoryState.Parse(path, file))
            {
                File = new FileIdentity(file.Length, file.Hashes.Sha256, file.Hashes.Sha512),
                Source = source,
            });
        }
    }
}

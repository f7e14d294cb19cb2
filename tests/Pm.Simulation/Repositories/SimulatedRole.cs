using Pm.Trust.Tuf;

namespace Pm.Simulation.Repositories;

/// <summary>A role that the targets of a <see cref="RepositorySimulator"/>, or another such role, delegate to.</summary>
public sealed class SimulatedRole(string name, params ISigner[] keys)
{
    public string Name { get; } = name;

    /// <summary>What signs its metadata.</summary>
    public List<ISigner> Keys { get; } = [.. keys];

    /// <summary>What targets.json says should.</summary>
    public List<ISigner> Delegates { get; } = [.. keys];

    public int Threshold { get; set; } = 1;

    public string[]? Paths { get; init; }

    public string[]? Prefixes { get; init; }

    public bool IsTerminating { get; set; } = true;

    public Dictionary<string, TargetFile> Targets { get; } = [];

    /// <summary>Roles that it delegates to itself, in their order.</summary>
    public List<SimulatedRole> Delegated { get; } = [];

    /// <summary>Bins in a few words, in place of them.</summary>
    public SuccinctRoles? Succinct { get; set; }

    /// <summary>Keys of <see cref="Succinct"/>.</summary>
    public List<ISigner> BinKeys { get; } = [];

    public long Version { get; set; }

    public DateTimeOffset? Expires { get; set; }

    /// <summary>As the one who delegates to it says it.</summary>
    internal DelegatedRole ToDelegation() => new(
        Name, new RoleKeys(Delegates.Select(key => key.Public.Id), Threshold),
        Paths is { } paths ? [.. paths] : null, Prefixes is { } prefixes ? [.. prefixes] : null, IsTerminating);

    /// <summary>What a role says of those it delegates to; null where there are none.</summary>
    internal static Delegations? ToDelegations(IReadOnlyCollection<SimulatedRole> roles, SuccinctRoles? succinct, IEnumerable<ISigner> binKeys)
    {
        var keys = roles.SelectMany(role => role.Delegates).Concat(binKeys)
            .DistinctBy(key => key.Public.Id).ToDictionary(key => key.Public.Id, key => key.Public);
        return succinct is not null ? new Delegations(keys, []) { Succinct = succinct }
            : roles.Count == 0 ? null
            : new Delegations(keys, [.. roles.Select(role => role.ToDelegation())]);
    }
}

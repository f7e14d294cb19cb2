using Pm.Trust.Tuf;

namespace Pm.Simulation.Repositories;

/// <summary>A role that the targets of a <see cref="RepositorySimulator"/> delegate to.</summary>
public sealed class SimulatedRole(string name, params SecretKey[] keys)
{
    public string Name { get; } = name;

    /// <summary>What signs its metadata.</summary>
    public List<SecretKey> Keys { get; } = [.. keys];

    /// <summary>What targets.json says should.</summary>
    public List<SecretKey> Delegates { get; } = [.. keys];

    public int Threshold { get; set; } = 1;

    public string[]? Paths { get; init; }

    public string[]? Prefixes { get; init; }

    public bool IsTerminating { get; set; } = true;

    public Dictionary<string, TargetFile> Targets { get; } = [];

    public long Version { get; set; }

    public DateTimeOffset? Expires { get; set; }
}

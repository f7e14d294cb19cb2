namespace Pm.Ebpf.Notes;

/// <summary>How a map that holds numbers is shown.</summary>
public sealed record SampleNote
{
    /// <summary>How often it is read.</summary>
    public required TimeSpan Interval { get; init; }

    public SampleKind Kind { get; init; }

    /// <summary>What a histogram counts in; null: not said.</summary>
    public string? Unit { get; init; }

    /// <summary>What was shown is taken out of the map.</summary>
    public bool ClearsMap { get; init; }
}

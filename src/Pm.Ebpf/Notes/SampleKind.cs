namespace Pm.Ebpf.Notes;

/// <summary>What the values of a map are.</summary>
public enum SampleKind
{
    /// <summary>Values: shown with their keys.</summary>
    KeyValue,

    /// <summary>Numbers of what fell between two powers of two.</summary>
    LogarithmicHistogram,

    /// <summary>Numbers of what fell between two multiples of something.</summary>
    LinearHistogram,
}

namespace Pm.Ebpf.Events;

/// <summary>How events are shown.</summary>
public enum EventStyle
{
    /// <summary>Below their names.</summary>
    Columns,

    /// <summary>One JSON object a line.</summary>
    Json,

    /// <summary>One line of <c>name=value</c> each.</summary>
    Text,
}

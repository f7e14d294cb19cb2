namespace Pm.Ebpf.Events;

/// <summary>How a value is written.</summary>
enum EventForm
{
    /// <summary>As JSON has it.</summary>
    Json,

    /// <summary>For a line of <c>name=value</c>.</summary>
    Word,

    /// <summary>For a column.</summary>
    Column,
}

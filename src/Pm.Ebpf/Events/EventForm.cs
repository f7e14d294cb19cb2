namespace Pm.Ebpf.Events;

/// <summary>How a value is written.</summary>
enum EventForm
{
    /// <summary>As JSON has it.</summary>
    Json,

    /// <summary>Within a struct or an array that people read: as JSON has it, and what it stands for as people have it.</summary>
    Inner,

    /// <summary>For a line of <c>name=value</c>.</summary>
    Word,

    /// <summary>For a column.</summary>
    Column,
}

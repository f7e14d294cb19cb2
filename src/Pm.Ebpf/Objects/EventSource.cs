namespace Pm.Ebpf.Objects;

/// <summary>How it is known which type the events of a map have; the first that says it decides.</summary>
public enum EventSource
{
    /// <summary>Nothing says it, or nothing alone.</summary>
    None,

    /// <summary>The manifest.</summary>
    Manifest,

    /// <summary>The map's own definition, in the place of a value, which such a map has not.</summary>
    Map,

    /// <summary>A variable that nothing uses points to it: it was written to keep the type.</summary>
    ExportedPointer,

    /// <summary>No other type has the size that the programs give to the kernel.</summary>
    Size,

    /// <summary>No other type is named like an event.</summary>
    Name,
}

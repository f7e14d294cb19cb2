using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Eunomia;

/// <summary>A map of an object, and what a package says of it.</summary>
public sealed record EunomiaMap
{
    /// <summary>As the kernel knows it, which may be cut off.</summary>
    public required string Name { get; init; }

    /// <summary>As the source has it.</summary>
    public required string Identifier { get; init; }

    /// <summary>It holds a section's variables.</summary>
    public bool HoldsVariables { get; init; }

    /// <summary>It is read again and again, and shown; null: it is not.</summary>
    public SampleNote? Sample { get; init; }

    public required EunomiaExport Export { get; init; }

    /// <summary>Its events are stacks; null: they are not.</summary>
    public EunomiaStackFields? Stack { get; init; }
}

using System.Collections.Immutable;

namespace Pm.Ebpf.Objects;

/// <summary>A program of an object: a function that the kernel is to run.</summary>
public sealed record ProgramSpec
{
    /// <summary>That of its function.</summary>
    public required string Name { get; init; }

    /// <summary>The section's name, which says where it is to be attached.</summary>
    public required string Section { get; init; }

    public required ProgramHook Hook { get; init; }

    /// <summary>Its user says where it is to be attached (<see cref="At"/>).</summary>
    public bool IsPlaced { get; private init; }

    /// <summary>Its user wants to run the others without it (<see cref="Left"/>).</summary>
    public bool IsLeftOut { get; private init; }

    /// <summary>It walks over something when it is read, and is not called otherwise.</summary>
    public bool Walks => Hook.Kind is HookKind.Iterator or HookKind.MapIterator;

    /// <summary>Where it is to be attached, as sections say it: by its own, or as its user says.</summary>
    public string Place => Hook.Kind is HookKind.MapIterator or HookKind.SocketMap ? Section : IsPlaced ? $"{Section.TrimStart('?').Split('/')[0]}/{Hook.Target}" : Section;

    /// <summary>It is called at the ends of functions.</summary>
    internal bool IsAtReturn => Section.TrimStart('?') is var section && (section.StartsWith("kret", StringComparison.Ordinal) || section.StartsWith("uret", StringComparison.Ordinal));

    /// <summary>In bytes from the section's begin.</summary>
    public required int Offset { get; init; }

    /// <summary>How many instructions it has itself, without the functions that it calls.</summary>
    public required int Instructions { get; init; }

    /// <summary>The numbers of the kernel's helpers that it calls itself, in their order. Source: bpf-helpers(7).</summary>
    public required ImmutableArray<int> Helpers { get; init; }

    /// <summary>How many bytes it writes at a time where it walks over something (<c>bpf_seq_write</c>); null where it writes none, or not always as many.</summary>
    public int? RecordSize { get; init; }

    /// <summary>The same, not to be loaded.</summary>
    public ProgramSpec Left() => this with { Hook = Hook with { IsOptional = true }, IsLeftOut = true };

    /// <summary>The same, attached elsewhere than its section says: who says where, asks for it.</summary>
    public ProgramSpec At(string target) => this with { Hook = Hook with { Target = Hook.Kind is HookKind.Extension ? ReplacedFunction.With(target, Hook.Target) : target, IsOptional = false }, IsPlaced = true };
}

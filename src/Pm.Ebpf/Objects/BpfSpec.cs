using System.Collections.Immutable;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Objects;

/// <summary>All that an eBPF object says of itself. Needs neither a kernel nor root.</summary>
public sealed record BpfSpec
{
    /// <summary>The file, for messages.</summary>
    public required string Where { get; init; }

    /// <summary>Empty where it says none: the kernel then refuses many helpers.</summary>
    public required string Licence { get; init; }

    /// <summary>In the order of the file.</summary>
    public required ImmutableArray<ProgramSpec> Programs { get; init; }

    public required ImmutableArray<MapSpec> Maps { get; init; }

    public required ImmutableArray<GlobalSpec> Globals { get; init; }

    /// <summary>Structs of functions for the kernel, in the order of their sections.</summary>
    public ImmutableArray<OperationsSpec> Operations { get; init; } = [];

    /// <summary>The same by the names of the programs that stand in them.</summary>
    internal ILookup<string, OperationsSpec> OperationsByProgram { get; init; } = Enumerable.Empty<OperationsSpec>().ToLookup(o => o.Name);

    /// <summary>One for each map that carries events.</summary>
    public required ImmutableArray<EventSpec> Events { get; init; }

    /// <summary>What iterators write, by their names; of those that are not here, text.</summary>
    public ImmutableSortedDictionary<string, BtfType> Records { get; init; } = ImmutableSortedDictionary<string, BtfType>.Empty;

    /// <summary>What it expects of the kernel by name.</summary>
    public required ImmutableArray<ExternalSpec> Externals { get; init; }

    /// <summary>What its code uses and nothing declares, neither the object nor as the kernel's.</summary>
    public ImmutableArray<string> Undeclared { get; init; } = [];

    /// <summary>What its author says of it beside its code; empty where an object has none.</summary>
    public ObjectNotes Notes { get; init; } = ObjectNotes.None;

    /// <summary>The types; null where it was compiled without.</summary>
    public required BtfFile? Types { get; init; }

    /// <summary>Functions, lines, and what depends on the kernel's types; null where it was compiled without.</summary>
    public required BtfExtension? Extension { get; init; }

    /// <param name="bytes">The object.</param>
    /// <param name="where">The file, for messages.</param>
    /// <param name="eventTypes">The type of maps' events and of iterators' records, by the name of the map or program, with or without <c>struct</c>: goes before what the object's notes say.</param>
    /// <exception cref="EbpfFormatException">PM8020, PM8021, PM8022: it is no eBPF object, its types or its definitions are wrong.</exception>
    public static BpfSpec Parse(ReadOnlyMemory<byte> bytes, string where, IReadOnlyDictionary<string, string>? eventTypes = null) =>
        SpecReader.Read(ElfObject.Parse(bytes, where), eventTypes ?? ImmutableDictionary<string, string>.Empty);
}

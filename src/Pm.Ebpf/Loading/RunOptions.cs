using System.Collections.Immutable;
using Pm.Ebpf.Filters;
using Pm.Ebpf.Probing;

namespace Pm.Ebpf.Loading;

/// <summary>What its user says of an object that is to be run.</summary>
public sealed record RunOptions
{
    /// <summary>What maps of its variables are called after; the first characters count.</summary>
    public required string Name { get; init; }

    /// <summary>Bytes for globals, by their names; each as long as its global.</summary>
    public IReadOnlyDictionary<string, ReadOnlyMemory<byte>> Values { get; init; } = ImmutableDictionary<string, ReadOnlyMemory<byte>>.Empty;

    /// <summary>Entries for maps, by their names.</summary>
    public IReadOnlyDictionary<string, uint> MapSizes { get; init; } = ImmutableDictionary<string, uint>.Empty;

    /// <summary>A file with the kernel's types, for kernels that do not say them.</summary>
    public string? TypesPath { get; init; }

    /// <summary>Where files of programs are looked for that are said without a directory.</summary>
    public ProgramFiles Files { get; init; } = ProgramFiles.OfSystem;

    /// <summary>The network interface for programs that look at packets; null for none.</summary>
    public string? Interface { get; init; }

    /// <summary>The directory of the control group for programs that look at one; null for none.</summary>
    public string? Cgroup { get; init; }

    /// <summary>How often a second each processor is sampled for programs of <c>perf_event</c>. No round number: what happens at whole times would be seen always or never.</summary>
    public int Frequency { get; init; } = 49;

    /// <summary>It is to run on when this process has ended: what ends with it is refused.</summary>
    public bool RunsOn { get; init; }

    /// <summary>With others that change filters of traffic control.</summary>
    public FilterPatience Patience { get; init; } = FilterPatience.Usual;

    /// <summary>Is told why a program is at its hook still, after it was to be taken from there; null: nobody.</summary>
    public Action<BpfError>? Left { get; init; }

    /// <summary>The kernel is taken for one from before Linux 6.6.</summary>
    internal bool LacksTrafficControlLinks { get; init; }

    /// <summary>Asked between two tries: a kernel may refuse thousands of programs one by one.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>One program that is refused refuses all.</summary>
    public bool IsStrict { get; init; }
}

using System.Collections.Immutable;

namespace Pm.Ebpf.Fitting;

/// <summary>What a kernel can do for eBPF programs besides what its types say. Whatever is null is not known.</summary>
public sealed record KernelDescription
{
    /// <summary>A kernel of which nothing is known.</summary>
    public static readonly KernelDescription Unknown = new();

    /// <summary>As <c>uname -r</c> writes it.</summary>
    public string? Release { get; init; }

    /// <summary>As <c>uname -m</c> writes it.</summary>
    public string? Machine { get; init; }

    /// <summary>SHA-256 of its types, in hexadecimal; empty where it does not say them.</summary>
    public string? TypesDigest { get; init; }

    /// <summary>Modules that have types of their own, which are not looked into.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    /// <summary>The security modules that are asked, in their order.</summary>
    public ImmutableArray<string>? SecurityModules { get; init; }

    /// <summary><c>none</c>, <c>integrity</c> or <c>confidentiality</c>.</summary>
    public string? Lockdown { get; init; }

    /// <summary>All tracepoints, as <c>category/name</c>.</summary>
    public ImmutableSortedSet<string>? Tracepoints { get; init; }

    /// <summary>What counts or clocks for the kernel's perf events: <c>kprobe</c>, <c>uprobe</c>, <c>cpu</c>.</summary>
    public ImmutableSortedSet<string>? EventSources { get; init; }

    /// <summary>Whether it takes a program of two instructions, by kinds (<see cref="Probing.ProgramTrial"/>).</summary>
    public ImmutableSortedDictionary<string, bool> Programs { get; init; } = ImmutableSortedDictionary<string, bool>.Empty;
}

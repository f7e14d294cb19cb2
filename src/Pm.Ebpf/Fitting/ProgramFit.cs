using System.Collections.Immutable;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether a kernel runs one program, and why not.</summary>
/// <param name="Program">The program.</param>
/// <param name="Findings">Nothing where it runs.</param>
public sealed record ProgramFit(ProgramSpec Program, ImmutableArray<FitFinding> Findings)
{
    /// <summary>The modules of the kernel that have its hook, a function that it calls or a type that it reads: it runs as long as they are loaded.</summary>
    public ImmutableArray<string> Modules { get; init; } = [];

    public FitVerdict Verdict => Findings.IsEmpty ? FitVerdict.Yes : Findings.Max(f => f.Verdict);
}

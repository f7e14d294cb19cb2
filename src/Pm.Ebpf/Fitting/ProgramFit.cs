using System.Collections.Immutable;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether a kernel runs one program, and why not.</summary>
/// <param name="Program">The program.</param>
/// <param name="Findings">Nothing where it runs.</param>
public sealed record ProgramFit(ProgramSpec Program, ImmutableArray<FitFinding> Findings)
{
    public FitVerdict Verdict => Findings.IsEmpty ? FitVerdict.Yes : Findings.Max(f => f.Verdict);
}

using System.Collections.Immutable;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Fitting;

/// <summary>Whether one of several programs that do the same runs.</summary>
/// <param name="Programs">In the order in which they are tried.</param>
public sealed record GroupFit(ImmutableArray<ProgramFit> Programs)
{
    /// <summary>The best of them: what is refused falls back to the next.</summary>
    public FitVerdict Verdict => Programs.Min(p => p.Verdict);

    /// <summary>The one that would be used; null where that is not known, or none is.</summary>
    public ProgramFit? Used => Programs.FirstOrDefault(p => p.Verdict is not FitVerdict.No) is { Verdict: FitVerdict.Yes } first ? first : null;

    /// <param name="spec">The object.</param>
    /// <param name="fits">Of all its programs.</param>
    public static ImmutableArray<GroupFit> Of(BpfSpec spec, ImmutableArray<ProgramFit> fits) =>
        [.. FallbackGroups.Of(spec).Select(g => new GroupFit([.. g.Select(p => fits.First(f => ReferenceEquals(f.Program, p)))]))];

    /// <summary>Of all that is run without being asked for, each group being one.</summary>
    public static FitVerdict Overall(ImmutableArray<ProgramFit> fits, ImmutableArray<GroupFit> groups)
    {
        var grouped = groups.SelectMany(g => g.Programs).ToHashSet();
        return fits.Where(f => !f.Program.Hook.IsOptional && !grouped.Contains(f)).Select(f => f.Verdict).Concat(groups.Select(g => g.Verdict)).DefaultIfEmpty(FitVerdict.No).Max();
    }
}

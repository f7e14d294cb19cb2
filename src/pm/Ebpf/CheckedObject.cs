using System.Collections.Immutable;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Objects;

namespace Pm.Cli.Ebpf;

/// <summary>What a kernel would do with an object.</summary>
/// <param name="Name">As <see cref="FoundObject"/> has it.</param>
/// <param name="Programs">All of them.</param>
/// <param name="Groups">Those that do the same in different ways.</param>
sealed record CheckedObject(string Name, ImmutableArray<ProgramFit> Programs, ImmutableArray<GroupFit> Groups)
{
    public FitVerdict Verdict => GroupFit.Overall(Programs, Groups);

    /// <param name="found">The object.</param>
    /// <param name="spec">What it says of itself, with what its user says of it.</param>
    /// <param name="kernel">What is known of the kernel.</param>
    /// <exception cref="Pm.Ebpf.EbpfFormatException">It cannot be compared.</exception>
    public static CheckedObject Of(FoundObject found, BpfSpec spec, KernelFacts kernel)
    {
        // A package of eunomia's says itself what its events are.
        var open = found.Package is null ? UserFit.Of(spec).ToList() : [];
        if (MeantKernels.Fault(spec, kernel.Description.Release) is { } fault)
        {
            open.Add(new FitFinding(FitVerdict.Unknown, MeantKernels.Code, fault));
        }

        var fits = ObjectFit.Check(found.Bytes, spec, kernel);
        fits = open.Count == 0 ? fits : [.. fits.Select(f => f with { Findings = [.. f.Findings, .. open] })];
        return new CheckedObject(found.Name, fits, GroupFit.Of(spec, fits));
    }
}

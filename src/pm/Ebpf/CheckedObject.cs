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

    /// <exception cref="Pm.Ebpf.EbpfFormatException">It is no object, or cannot be compared.</exception>
    public static CheckedObject Of(FoundObject found, KernelFacts kernel)
    {
        var spec = BpfSpec.Parse(found.Bytes, found.Name);
        var fits = ObjectFit.Check(found.Bytes, spec, kernel);
        return new CheckedObject(found.Name, fits, GroupFit.Of(spec, fits));
    }
}

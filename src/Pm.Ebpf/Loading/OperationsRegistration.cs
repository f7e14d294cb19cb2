using System.Collections.Immutable;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>Brings an object's structs of operations to the kernel, each by a link where the kernel has such (Linux 6.4), else written down, in whichever way the object asks for it and whichever libbpf is there.</summary>
sealed class OperationsRegistration(BpfSpec spec, RunOptions options, Func<bool> hasLinks)
{
    /// <summary>The first libbpf that has links of them, and sections for those.</summary>
    const uint FirstWithLinks = 2;

    /// <summary>The first libbpf that leaves one of them out when it is told to.</summary>
    const uint FirstWithChoice = 4;

    readonly Dictionary<string, OperationsGroup> _groups = OperationsGroup.Of(spec);
    readonly Dictionary<BpfMap, BpfLink> _registered = [];

    /// <summary>
    /// The object as libbpf is to see it. All structs are called by the older name, which each libbpf knows. Where none of them is to be registered their section has no name that libbpf knows:
    /// it would look for each in the kernel.
    /// </summary>
    /// <param name="bytes">The object.</param>
    /// <param name="areWanted">Some of their programs are to be loaded.</param>
    public ReadOnlyMemory<byte> BytesFor(ReadOnlyMemory<byte> bytes, bool areWanted)
    {
        if (spec.Operations.IsEmpty)
        {
            return bytes;
        }

        if (!areWanted)
        {
            return OperationsSections.Renamed(bytes, spec.Where, OperationsSections.Hidden);
        }

        BpfLibrary.Require();
        return OperationsSections.Of(ElfObject.Parse(bytes, spec.Where)) switch
        {
            [OperationsSections.Older] => bytes,
            _ when LibBpf.libbpf_minor_version() >= FirstWithLinks => bytes,
            [_] => OperationsSections.Renamed(bytes, spec.Where, OperationsSections.Older),
            var several => throw new BpfException(new BpfError("PM8040", $"{spec.Where}: it has sections `{string.Join("` and `", several)}`, which this libbpf (1.{LibBpf.libbpf_minor_version()}) does not tell apart") { Hint = "libbpf 1.2 or later" }),
        };
    }

    /// <summary>Why none of an object's structs can be registered; null: each can be that the kernel has.</summary>
    public static string? WhyNone(BpfSpec spec, KernelFacts kernel)
    {
        if (spec.Operations.Length < 2 || spec.Operations.FirstOrDefault(o => !OperationsFit.Has(kernel, o)) is not { } lacking)
        {
            return null;
        }

        BpfLibrary.Require();
        return LibBpf.libbpf_minor_version() >= FirstWithChoice ? null
            : $"this libbpf (1.{LibBpf.libbpf_minor_version()}) takes all structs of operations of an object or none, and this kernel has no struct `{lacking.Type}` (libbpf 1.{FirstWithChoice} leaves it out)";
    }

    /// <summary>Says of each whether it is to be made, and whether a link is to hold it, before they are loaded.</summary>
    /// <param name="opened">The object.</param>
    /// <param name="isWanted">Says of programs whether they are to be loaded.</param>
    /// <exception cref="LibBpfException">libbpf refused.</exception>
    public void Prepare(BpfObject opened, Func<string, bool> isWanted)
    {
        foreach (var operations in spec.Operations)
        {
            if (MapOf(opened, operations) is { } map)
            {
                map.IsWanted = operations.Programs.Values.All(isWanted);
                map.HoldByLink(hasLinks());
            }
        }
    }

    /// <summary>The names of all programs that it is not without.</summary>
    public IReadOnlyCollection<string?> Beside(ProgramSpec program) => _groups.TryGetValue(program.Name, out var group) ? group.Programs : [];

    /// <summary>Registers the structs that a program stands in, and those that hang together with them: the first of their programs does it for all, and has the links.</summary>
    /// <exception cref="LibBpfException">The kernel refused; none of them is registered.</exception>
    /// <exception cref="BpfException">It cannot be written down; none of them is registered.</exception>
    public ImmutableArray<BpfLink> Attach(BpfObject loaded, ProgramSpec program)
    {
        var maps = spec.OperationsByProgram[program.Name].Select(o => MapOf(loaded, o)!).ToList();
        if (maps.TrueForAll(_registered.ContainsKey))
        {
            return [.. maps.Select(m => BpfLink.SharedWith(_registered[m]))];
        }

        var made = new List<BpfMap>();
        try
        {
            foreach (var operations in _groups[program.Name].Structs)
            {
                var map = MapOf(loaded, operations)!;
                _registered[map] = Register(map, operations);
                made.Add(map);
            }
        }
        catch
        {
            foreach (var map in made)
            {
                _registered.Remove(map, out var link);
                link!.Dispose();
            }

            throw;
        }

        return [.. made.Select(m => _registered[m])];
    }

    /// <summary>Null: libbpf was not shown it.</summary>
    static BpfMap? MapOf(BpfObject opened, OperationsSpec operations) => opened.Maps.FirstOrDefault(m => m.IsOfOperations && m.Name == operations.Name);

    BpfLink Register(BpfMap map, OperationsSpec operations) => hasLinks() ? map.Register() : BpfLink.OfWritten(RegisteredOperations.Register(map, operations, options), map.Descriptor);
}

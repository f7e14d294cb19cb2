using System.Collections.Immutable;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Loading;

/// <summary>Brings an object's structs of operations to the kernel, each by a link where the kernel has such (Linux 6.4), else written down, in whichever way the object asks for it and whichever libbpf is there.</summary>
sealed class OperationsRegistration(BpfSpec spec, RunOptions options, Func<bool> hasLinks)
{
    /// <summary>The first libbpf that has links of them, and sections for those.</summary>
    const uint FirstWithLinks = 2;

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

    /// <summary>Says of each whether it is to be made, and whether a link is to hold it, before they are loaded.</summary>
    /// <param name="opened">The object.</param>
    /// <param name="isRefused">Says it of programs.</param>
    /// <exception cref="LibBpfException">libbpf refused.</exception>
    public void Prepare(BpfObject opened, Func<string, bool> isRefused)
    {
        foreach (var operations in spec.Operations)
        {
            if (opened.Maps.FirstOrDefault(m => m.Name == operations.Name) is { } map)
            {
                map.IsWanted = !operations.Programs.Values.Any(isRefused);
                map.HoldByLink(hasLinks());
            }
        }
    }

    /// <summary>The names of all programs that stand in one struct with this one; it is not without them.</summary>
    public IReadOnlyCollection<string?> Beside(ProgramSpec program) => [.. OperationsSpec.With(spec, program).SelectMany(o => o.Programs.Values)];

    /// <summary>Registers the structs that a program stands in; the first of their programs does it for all, and has the links.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public ImmutableArray<BpfLink> Attach(BpfObject loaded, ProgramSpec program)
    {
        var links = ImmutableArray.CreateBuilder<BpfLink>();
        try
        {
            foreach (var operations in OperationsSpec.With(spec, program))
            {
                var map = loaded.Maps.First(m => m.Name == operations.Name);
                links.Add(_registered.TryGetValue(map, out var link) ? BpfLink.SharedWith(link) : _registered[map] = Register(map, operations));
            }
        }
        catch
        {
            foreach (var link in links)
            {
                link.Dispose();
            }

            throw;
        }

        return links.DrainToImmutable();
    }

    BpfLink Register(BpfMap map, OperationsSpec operations) => hasLinks() ? map.Register() : BpfLink.OfWritten(RegisteredOperations.Register(map, operations, options), map.Descriptor);
}

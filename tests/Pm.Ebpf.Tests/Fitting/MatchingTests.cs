using System.Buffers.Binary;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Fitting;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests.Fitting;

/// <summary>
/// <c>bpf_core_type_matches</c>: which types of an object are the kernel's in all that they have. Clang 14 cannot ask it, so that the questions of matching.bpf.c are made others, in the records that
/// the kernel's documentation (bpf/llvm_reloc.rst) describes.
/// </summary>
[Collection(LoopbackInterface.Name)]
public class MatchingTests
{
    const int Matches = 12;

    static readonly string[] Matching = ["same", "fewer", "other_order", "list", "within", "values"];
    static readonly string[] NotMatching = ["more", "other_sign", "larger", "longer_list", "wrong_within", "pointer", "of_union", "other_values"];

    [Fact]
    public void What_matches_is_read_and_what_does_not_is_not()
    {
        var bytes = Asking();
        var spec = BpfSpec.Parse(bytes, "matching.o");
        Assert.Equal(Matching.Length + NotMatching.Length, spec.Extension!.Relocations.Count(r => r.Kind is CoreRelocationKind.TypeMatches));

        var fits = ObjectFit.Check(bytes, spec, new KernelFacts(BtfFile.Parse(KernelTypes(), "kernel"), KernelDescription.Unknown));

        string[] Said(bool isRefused) => [.. fits.Where(f => f.Findings.Any(x => x.Cause.Contains("pm_absent", StringComparison.Ordinal)) == isRefused).Select(f => f.Program.Name).Order()];
        Assert.Equal(Matching.Order(), Said(isRefused: true));
        Assert.Equal(NotMatching.Order(), Said(isRefused: false));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_library_says_the_same_out_of_all_types_and_of_an_excerpt(bool isExcerpt)
    {
        var kernel = new KernelProbe();
        Assert.SkipUnless(kernel.MayTrace, $"loading eBPF programs needs root or CAP_BPF and CAP_PERFMON (have: {kernel.Capabilities})");
        var bytes = Asking();
        var spec = BpfSpec.Parse(bytes, "matching.o");
        var path = Path.Join(AppContext.BaseDirectory, $"matching-{Environment.ProcessId}.btf");
        File.WriteAllBytes(path, isExcerpt ? TypeExcerpt.Of(BtfFile.Parse(KernelTypes(), "kernel"), spec, () => false)! : KernelTypes());
        try
        {
            using var running = ObjectStart.Run(bytes, spec, new RunOptions { Name = "matching", TypesPath = path }, kernel);

            Assert.Equal(NotMatching.Order(), running.Attached.Select(p => p.Name).Order());
        }
        finally
        {
            File.Delete(path);
        }
    }

    internal static byte[] KernelTypes() => ElfObject.Parse(SampleObject.Bytes("kernel"), "kernel.o").Find(".BTF")!.Content.ToArray();

    /// <summary>matching.o, with another kind in each record that asks whether a type is there.</summary>
    internal static byte[] Asking()
    {
        const uint exists = 8;
        const int header = 32;
        var bytes = SampleObject.Bytes("matching");
        var extension = ElfObject.Parse(bytes, "matching.o").Find(".BTF.ext")!.Content.ToArray();
        var start = bytes.AsSpan().IndexOf(extension);
        var records = bytes.AsSpan(start + header + (int)Word(extension, 24), (int)Word(extension, 28));
        var size = (int)Word(records, 0);
        for (var at = sizeof(uint); at < records.Length;)
        {
            var count = (int)Word(records, at + 4);
            at += 8;
            for (; count > 0; count--, at += size)
            {
                if (Word(records, at + 12) == exists)
                {
                    BinaryPrimitives.WriteUInt32LittleEndian(records[(at + 12)..], Matches);
                }
            }
        }

        return bytes;
    }

    static uint Word(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
}

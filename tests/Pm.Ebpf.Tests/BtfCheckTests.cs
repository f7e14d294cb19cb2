using System.Buffers.Binary;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Probing;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>What libbpf is not given.</summary>
public class BtfCheckTests
{
    const uint Integer = 1, Pointer = 2, Array = 3, Struct = 4, Typedef = 8, Const = 10, Function = 12, Prototype = 13, Variable = 14, Section = 15;

    public static TheoryData<string, uint[][]> Wrong => new()
    {
        { "there is no type 9, but 2", [[0, Head(Pointer), 9]] },
        { "there is no type 9, but 2", [[0, Head(Struct, 1), 4, 0, 9, 0]] },
        { "there is no type 9, but 3", [Int, [0, Head(Array), 0, 1, 9, 4]] },
        { "there is no type 9, but 2", [[0, Head(Prototype), 9]] },
        { "there is no type 9, but 2", [[0, Head(Prototype, 1), 0, 0, 9]] },
        { "there is no type 9, but 2", [[0, Head(Section, 1), 4, 9, 0, 4]] },
        { "type 2 (Function) is of type 1, which is a Integer", [Int, [0, Head(Function), 1]] },
        { "type 2 (Section) is of type 1, which is a Integer", [Int, [0, Head(Section, 1), 4, 1, 0, 4]] },
        { "type 4 (Const) is of type 3, which is a Variable", [Int, [0, Head(Pointer), 1], [0, Head(Variable), 1, 0], [0, Head(Const), 3]] },
        { "type 1 (Const) stands for itself, or contains itself", [[0, Head(Const), 1]] },
        { "type 1 (Typedef) stands for itself, or contains itself", [[0, Head(Typedef), 2], [0, Head(Const), 1]] },
        { "type 1 (Struct) stands for itself, or contains itself", [[0, Head(Struct, 1), 4, 0, 2, 0], [0, Head(Array), 0, 1, 3, 4], Int] },
        { "type 1 is cut off, or its name lies outside the names", [[77, Head(Integer), 4, 32]] },
        { "a name should begin at byte 77 of a table of 1, which should end with a NUL", [Int, [0, Head(Struct, 1), 4, 77, 1, 0]] },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_not_there_of_the_wrong_kind_or_endless_is_refused(string why, uint[][] types)
    {
        var e = Assert.Throws<EbpfFormatException>(() => BtfFile.Parse(Bytes(types), "x").RequireSound());

        Assert.Equal("PM8021", e.Code);
        Assert.Equal("x: " + why, e.Message.Replace("(DataSection)", "(Section)", StringComparison.Ordinal));
    }

    [Fact]
    public void A_struct_may_point_to_itself_and_be_deep()
    {
        BtfFile.Parse(Bytes([[0, Head(Struct, 1), 8, 0, 2, 0], [0, Head(Pointer), 1]]), "x").RequireSound();

        // Deeper than a stack of calls: each stands for the next.
        const uint depth = 200_000;
        BtfFile.Parse(Bytes([.. Enumerable.Range(2, (int)depth).Select(next => new uint[] { 0, Head(Typedef), (uint)next }), Int]), "x").RequireSound();
    }

    [Fact]
    public void All_that_compilers_and_kernels_wrote_is_sound()
    {
        Assert.All(Directory.GetFiles(SampleObject.Folder, "*.o"), path =>
        {
            if (ElfObject.Parse(File.ReadAllBytes(path), path).Find(".BTF") is { } types)
            {
                BtfFile.Parse(types.Content, path).RequireSound();
            }
        });
        if (new KernelProbe().Types is { } kernel)
        {
            kernel.RequireSound();
        }
    }

    /// <summary>Each type of an object, one after the other, named by another that is not there: it is never given to the kernel.</summary>
    [Fact]
    public void An_object_with_such_types_is_no_object()
    {
        var whole = SampleObject.Bytes("tasks");
        var content = ElfObject.Parse(whole, "x").Find(".BTF")!.Content;
        var at = whole.AsSpan().IndexOf(content.Span);
        foreach (var type in BtfFile.Parse(content, "x").Types.Where(t => t.Kind is BtfKind.Pointer or BtfKind.Const or BtfKind.Typedef))
        {
            var bytes = whole.ToArray();
            var head = At(content.Span, type.Id);
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(at + head + 8), 9999);
            Assert.Equal("PM8021", Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(bytes, "x")).Code);
        }
    }

    /// <summary>Where one is sound and another is not, who reads the file next may take the other.</summary>
    [Theory]
    [InlineData(".BTF")]
    [InlineData(".BTF.ext")]
    [InlineData(".maps")]
    public void There_is_one_of_what_is_looked_at(string name)
    {
        var bytes = SampleObject.Bytes("opens").ToList();
        var table = (int)BitConverter.ToInt64([.. bytes], 40);
        var count = BitConverter.ToUInt16([.. bytes], 60);
        var twice = ElfObject.Parse(bytes.ToArray(), "x").Find(name)!;
        var entries = bytes.GetRange(table, 64 * count);
        var copy = entries.GetRange(64 * twice.Index, 64);

        // Its bytes are its own, as the table of sections asks for.
        var at = BitConverter.GetBytes((long)bytes.Count);
        at.CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(copy)[24..]);
        bytes.AddRange(twice.Content.ToArray());
        BitConverter.GetBytes((long)bytes.Count).CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)[40..]);
        BitConverter.GetBytes((ushort)(count + 1)).CopyTo(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(bytes)[60..]);
        bytes.AddRange([.. entries, .. copy]);

        var e = Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(bytes.ToArray(), "x"));

        Assert.Equal(("PM8020", $"x: there are two sections `{name}`"), (e.Code, e.Message));
    }

    [Theory]
    [InlineData("done", true)]
    [InlineData("d\u00fcn", true)]
    [InlineData("d\u009bn", false)]
    [InlineData("d\u202e", false)]
    public void A_name_steers_no_terminal(string name, bool isOne)
    {
        byte[] bytes =
        [
            .. BitConverter.GetBytes(0x0001_eb9fu), .. BitConverter.GetBytes(24), .. new byte[4], .. BitConverter.GetBytes(16), .. BitConverter.GetBytes(16),
            .. BitConverter.GetBytes(System.Text.Encoding.UTF8.GetByteCount(name) + 2), .. BitConverter.GetBytes(1), .. BitConverter.GetBytes(Head(Integer)), .. BitConverter.GetBytes(4), .. BitConverter.GetBytes(32),
            0, .. System.Text.Encoding.UTF8.GetBytes(name), 0,
        ];
        var types = BtfFile.Parse(bytes, "x");

        types.RequireSound();
        if (isOne)
        {
            Assert.Equal(name, types[1].Name);
        }
        else
        {
            Assert.Equal("x: a name has control characters", Assert.Throws<EbpfFormatException>(() => types[1].Name).Message);
        }
    }

    [Fact]
    public void Names_have_no_control_characters()
    {
        var whole = SampleObject.Bytes("opens");
        List<string> refused = [];
        for (int at = 0, next; (next = whole.AsSpan(at).IndexOf("tracepoint/syscalls"u8)) >= 0; at += next + 1)
        {
            var bytes = whole.ToArray();
            bytes[at + next + 10] = (byte)'\n';
            var e = Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(bytes, "x"));
            refused.Add($"{e.Code} {e.Message}");
        }

        // In the names of types and in those of sections.
        Assert.Equal(["PM8020 x: the name of a section has control characters", "PM8021 x: .BTF: a name has control characters"], refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Between_two_tries_an_interruption_is_heeded()
    {
        var kernel = new KernelProbe();
        Assert.SkipUnless(kernel.MayTrace, "loading eBPF programs needs root or CAP_BPF and CAP_PERFMON");
        Assert.SkipUnless(kernel.HasTypes, "the kernel has no types");
        var (bytes, spec, options) = (SampleObject.Bytes("fitting"), SampleObject.Spec("fitting"), new RunOptions { Name = "fitting" });

        using (var running = ObjectStart.Run(bytes, spec, options, kernel))
        {
            Assert.NotEmpty(running.Refused);
        }

        Assert.ThrowsAny<OperationCanceledException>(() => ObjectStart.Run(bytes, spec, options with { Cancellation = new CancellationToken(canceled: true) }, kernel));
    }

    static uint[] Int => [0, Head(Integer), 4, 32];

    static uint Head(uint kind, uint count = 0) => kind << 24 | count;

    static byte[] Bytes(uint[][] types)
    {
        var words = types.SelectMany(t => t).ToArray();
        uint[] head = [0x0001_eb9f, 24, 0, (uint)words.Length * 4, (uint)words.Length * 4, 1];
        return [.. head.Concat(words).SelectMany(BitConverter.GetBytes), 0];
    }

    /// <summary>Where a type begins, counted as the format says it.</summary>
    static int At(ReadOnlySpan<byte> file, int id)
    {
        var at = 24;
        for (var type = 1; type < id; type++)
        {
            var info = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var count = (int)(info & 0xffff);
            at += 12 + ((info >> 24 & 31) switch { 1 or 14 or 17 => 4, 3 => 12, 4 or 5 or 15 or 19 => 12 * count, 6 or 13 => 8 * count, _ => 0 });
        }

        return at;
    }
}

using System.Buffers.Binary;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Xunit;

namespace Pm.Ebpf.Tests;

public class BtfFileTests
{
    const string Kernel = "/sys/kernel/btf/vmlinux";

    [Fact]
    public void Types_are_what_the_source_says()
    {
        var shapes = Types("shapes").Find(BtfKind.Struct, "shapes")!.Value;

        Assert.Equal(
            [
                "signed char tiny", "u8 small", "short medium", "int plain", "unsigned int wide", "long long large", "unsigned long long larger",
                "__int128 huge", "unsigned __int128 hugest", "_Bool yes", "char letter", "char[10] text", "u8[4] bytes", "enum signed_kind kind",
                "unsigned int low:3", "int middle:5", "unsigned int high:24", "struct point point", "struct point[2] points", "union {…} ",
                "union {…} either", "float single", "double twice", "void * pointer", "int[2][3] grid", "char[0] rest",
            ],
            shapes.Members.Select(m => $"{m.Type} {m.Name}{(m.IsBitField ? ":" + m.BitFieldSize : "")}"));
        Assert.Equal(160u, shapes.Size);
        Assert.Equal(675u, shapes.Members.Single(m => m.Name == "middle").BitOffset);
    }

    [Fact]
    public void Integers_say_how_they_are_read()
    {
        var types = Types("shapes");

        Assert.True(types.Find(BtfKind.Integer, "__int128")!.Value.IntegerEncoding is { IsSigned: true, Bits: 128, IsBoolean: false });
        Assert.True(types.Find(BtfKind.Integer, "_Bool")!.Value.IntegerEncoding is { IsSigned: false, Bits: 8, IsBoolean: true });
    }

    [Fact]
    public void A_typedef_leads_to_what_it_stands_for()
    {
        var byName = Types("shapes").Find(BtfKind.Typedef, "u8")!.Value;

        Assert.Equal("unsigned char", byName.Resolve().Name);
        Assert.Equal(byName.Target, byName.Resolve());
    }

    [Fact]
    public void Sizes_are_those_of_the_whole()
    {
        var shapes = Types("shapes").Find(BtfKind.Struct, "shapes")!.Value;

        int? Of(string member) => BtfLayout.SizeOf(shapes.Members.Single(m => m.Name == member).Type);

        Assert.Equal((24, 8, 0, 16), (Of("grid"), Of("pointer"), Of("rest"), Of("huge")));
        Assert.Null(BtfLayout.SizeOf(Types("shapes").Types.First(t => t.Kind is BtfKind.FunctionPrototype)));
    }

    [Fact]
    public void What_a_name_means_depends_on_its_kind()
    {
        var types = Types("opens");

        Assert.Null(types.Find(BtfKind.Union, "event"));
        Assert.Equal(BtfKind.Struct, Assert.Single(types.Named("event")).Kind);
        Assert.Empty(types.Named(""));
        Assert.Equal([BtfKind.Enum, BtfKind.Variable], types.Named("level").Select(t => t.Kind).Order());
    }

    [Fact]
    public void Code_leads_to_functions_lines_and_what_it_asks_of_the_kernel()
    {
        var spec = SampleObject.Spec("executed");

        Assert.Equal("executed", Assert.Single(spec.Extension!.Functions).Type.Name);
        Assert.Contains(spec.Extension.Lines, l => l.Text.Contains("started->pid = task->tgid", StringComparison.Ordinal) && l.Number > 1 && l.File.EndsWith("executed.bpf.c", StringComparison.Ordinal));
        Assert.Equal(
            ["task_struct.real_parent", "task_struct.tgid"],
            spec.Extension.Relocations.Where(r => r.Kind is CoreRelocationKind.FieldOffset).Select(CoreAccess.Describe).Distinct().Order());
    }

    [Fact]
    public void A_kernels_types_are_read_where_they_are_asked_for()
    {
        Assert.SkipUnless(File.Exists(Kernel), $"this kernel has no {Kernel}");
        var bytes = File.ReadAllBytes(Kernel);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var types = BtfFile.Parse(bytes, Kernel);
        var task = types.Find(BtfKind.Struct, "task_struct")!.Value;

        Assert.True(types.Count > 10_000);
        Assert.Contains(task.Members, m => m.Name == "pid");
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 64L * types.Count);
        Assert.All(types.Types, t => Assert.True(t.Count >= 0 && t.ToString().Length > 0));
    }

    [Fact]
    public void A_typedef_of_itself_ends_in_an_error()
    {
        var types = BtfFile.Parse(Made([0, (uint)BtfKind.Typedef << 24, 1]), "x");

        var e = Assert.Throws<EbpfFormatException>(() => types[1].Resolve());

        Assert.Equal(("PM8021", "x: type 1 stands for another more than 32 times over"), (e.Code, e.Message));
        Assert.Throws<EbpfFormatException>(() => BtfLayout.SizeOf(types[1]));
    }

    [Fact]
    public void An_array_of_arrays_of_itself_ends_in_an_error()
    {
        var types = BtfFile.Parse(Made([0, (uint)BtfKind.Array << 24, 0, 1, 1, 1 << 20]), "x");

        Assert.Throws<EbpfFormatException>(() => BtfLayout.SizeOf(types[1]));
        Assert.Contains("…", types[1].ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(new uint[] { 0, 31u << 24, 0 }, "x: type 1 is of kind 31, which is unknown")]
    [InlineData(new uint[] { 0, (4u << 24) + 3, 8 }, "x: type 1 is cut off, or its name lies outside the names")]
    [InlineData(new uint[] { 77, 2u << 24, 0 }, "x: type 1 is cut off, or its name lies outside the names")]
    [InlineData(new uint[] { 0, 2u << 24 }, "x: type 1 is cut off, or its name lies outside the names")]
    public void Wrong_types_are_refused(uint[] words, string why) =>
        Assert.Equal(why, Assert.Throws<EbpfFormatException>(() => BtfFile.Parse(Made(words), "x")).Message);

    [Fact]
    public void A_type_that_is_not_there_is_refused_where_it_is_asked_for()
    {
        var types = BtfFile.Parse(Made([0, (uint)BtfKind.Pointer << 24, 9]), "x");

        Assert.Equal("x: there is no type 9, but 2", Assert.Throws<EbpfFormatException>(() => types[1].Target).Message);
    }

    static BtfFile Types(string name) => BtfFile.Parse(ElfObject.Parse(SampleObject.Bytes(name), name).Find(".BTF")!.Content, name);

    static byte[] Made(uint[] words)
    {
        var bytes = new byte[24 + 4 * words.Length + 1];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, 0x0001_eb9f);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), 24);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), 4 * words.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 4 * words.Length);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(20), 1);
        for (var i = 0; i < words.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(24 + 4 * i), words[i]);
        }

        return bytes;
    }
}

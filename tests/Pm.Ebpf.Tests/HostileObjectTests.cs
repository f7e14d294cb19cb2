using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Elf;
using Pm.Ebpf.Objects;
using Xunit;

namespace Pm.Ebpf.Tests;

/// <summary>Objects over which libbpf 1.1 reads or writes out of bounds, divides by nothing or takes memory without end: none is given to it.</summary>
public class HostileObjectTests
{
    const uint Integer = 1, Pointer = 2, Struct = 4;

    /// <summary>A relocation there is written into what lies behind the program.</summary>
    [Theory]
    [InlineData("opens", "entered")]
    [InlineData("fitting", "ambiguous")]
    public void A_program_does_not_end_within_an_instruction(string name, string function)
    {
        var bytes = SampleObject.Bytes(name);
        var elf = ElfObject.Parse(bytes, "x");
        var symbol = elf.Symbols.Single(s => s.Name == function);
        bytes[Place(elf.Sections[symbol.Section].Content) + (int)symbol.Value + (int)symbol.Size - 8] = 0x18;

        Refused("PM8020", $"function `{function}` ends within an instruction", bytes);
    }

    /// <summary>libbpf takes none of the object then; to know it beforehand is what `pm check` is for.</summary>
    [Fact]
    public void What_is_fitted_to_the_kernel_begins_where_an_instruction_does()
    {
        var bytes = SampleObject.Bytes("fitting");
        var spec = SampleObject.Spec("fitting");
        var relocation = ElfObject.Parse(bytes, "x").Find(".BTF.ext")!.Content;
        // The head says where they are: the size of a record, the name of a section, how many, then the first.
        var at = Place(relocation) + (int)BinaryPrimitives.ReadUInt32LittleEndian(relocation.Span[4..]) + (int)BinaryPrimitives.ReadUInt32LittleEndian(relocation.Span[24..]) + 12;
        var offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));
        Put(bytes, at, offset + 4);

        Assert.Equal(0u, offset % 8);
        Refused("PM8021", $".BTF.ext: section `{spec.Programs[0].Section}`: byte {offset + 4} is no begin of an instruction, which is to be fitted to the kernel", bytes);
    }

    /// <summary>libbpf reads 24 bytes all the same, and so types that pm would not have looked at.</summary>
    [Theory]
    [InlineData(8)]
    [InlineData(12)]
    [InlineData(16)]
    [InlineData(20)]
    public void The_head_of_types_is_whole(int length)
    {
        var bytes = SampleObject.Bytes("nothing");
        var types = ElfObject.Parse(bytes, "x").Find(".BTF")!.Content;
        Put(bytes, Place(types) + 4, length);

        Refused("PM8021", $".BTF: the head of the type information should be 24 bytes or more, got {length}", bytes);
    }

    /// <summary>Its size is divided by.</summary>
    [Fact]
    public void A_bit_field_is_part_of_a_number()
    {
        uint[] bits = [0, Struct << 24 | 1 | 1u << 31, 4, 0, 1, 3 << 24];
        Types([0, Integer << 24, 4, 32], bits).RequireSound();

        foreach (var of in new uint[][] { [0, Integer << 24, 0, 0], [0, Pointer << 24, 0] })
        {
            var e = Assert.Throws<EbpfFormatException>(() => Types(of, bits).RequireSound());

            Assert.Equal(("PM8021", "x: type 2 (Struct) has a bit-field of type 1, which is no number"), (e.Code, e.Message));
        }
    }

    /// <summary>libbpf takes none of the object then; to know it beforehand is what `pm check` is for.</summary>
    [Theory]
    [InlineData("events", 8, 0x100, "PM8022", "map `events`: 16 bytes from byte 256 on should lie in section `.maps` of 48 bytes")]
    [InlineData("events", 4, 0x10, "PM8022", "no symbol says where in section `.maps` variable `events` lies")]
    [InlineData("events", 5, 2, "PM8022", "map `events` is hidden, which libbpf refuses")]
    [InlineData("LICENSE", 4, 0x01, "PM8022", "no symbol says where in section `license` variable `LICENSE` lies")]
    [InlineData("events", 6, 0x6f0, "PM8020", "a relocation of section `tracepoint/syscalls/sys_enter_openat` names symbol EVENTS, which lies in section 1776 of SECTIONS")]
    [InlineData("events", 6, 0xfff1, "PM8020", "a relocation of section `tracepoint/syscalls/sys_enter_openat` names symbol EVENTS, which lies in section 65521 of SECTIONS")]
    public void Symbols_say_where_all_lies_that_the_types_describe(string name, int at, int value, string code, string why)
    {
        var bytes = SampleObject.Bytes("opens");
        var elf = ElfObject.Parse(bytes, "x");
        var symbol = elf.Symbols.IndexOf(elf.Symbols.Single(s => s.Name == name));
        var place = Place(elf.Find(".symtab")!.Content) + (24 * symbol) + at;
        if (at is 4 or 5)
        {
            bytes[place] = (byte)value;
        }
        else
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(place), (ushort)value);
        }

        Refused(code, why.Replace("EVENTS", $"{symbol}", StringComparison.Ordinal).Replace("SECTIONS", $"{elf.Sections.Length}", StringComparison.Ordinal), bytes);
    }

    [Theory]
    [InlineData(0, 49u, "operations `slow`: 49 bytes from byte 0 on should lie in section `.struct_ops.link` of 48 bytes")]
    [InlineData(0, 0xffff_fff0u, "operations `slow`: 4294967280 bytes from byte 0 on should lie in section `.struct_ops.link` of 48 bytes")]
    [InlineData(0xffff_ffd0L, 48u, "operations `slow`: 48 bytes from byte 4294967248 on should lie in section `.struct_ops.link` of 48 bytes")]
    [InlineData(-48L, 48u, "operations `slow`: 48 bytes from byte 18446744073709551568 on should lie in section `.struct_ops.link` of 48 bytes")]
    public void Operations_lie_in_their_section(long place, uint size, string why)
    {
        var bytes = SampleObject.Bytes("operations");
        var elf = ElfObject.Parse(bytes, "x");
        var type = BtfFile.Parse(elf.Find(".BTF")!.Content, "x").Find(BtfKind.Struct, "tcp_congestion_ops")!.Value;
        Put(bytes, Place(elf.Find(".BTF")!.Content) + At(elf, type) + 8, size);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(Place(elf.Find(".symtab")!.Content) + (24 * elf.Symbols.IndexOf(elf.Symbols.Single(s => s.Name == "slow"))) + 8), place);

        Refused("PM8022", why, bytes);
    }

    /// <summary>What lies there in pm's memory would go to the kernel.</summary>
    [Fact]
    public void A_member_of_operations_lies_in_their_struct()
    {
        var bytes = SampleObject.Bytes("operations");
        var elf = ElfObject.Parse(bytes, "x");
        var type = BtfFile.Parse(elf.Find(".BTF")!.Content, "x").Find(BtfKind.Struct, "tcp_congestion_ops")!.Value;
        Put(bytes, Place(elf.Find(".BTF")!.Content) + At(elf, type) + 12 + (12 * 4) + 8, (32 + 1) * 8);

        Refused("PM8022", "operations `slow`: member `name` should lie in its struct of 48 bytes", bytes);
    }

    /// <summary>Once they are called alike, libbpf would take the first.</summary>
    [Fact]
    public void Operations_that_are_described_are_there()
    {
        var bytes = SampleObject.Bytes("operations_older");
        var elf = ElfObject.Parse(bytes, "x");
        var heads = (int)BitConverter.ToInt64(bytes, 40);
        Put(bytes, heads + (64 * elf.Find(".struct_ops")!.Index), 0);

        Refused("PM8022", "its types describe section `.struct_ops`, which is not there", bytes);
    }

    /// <summary>Each is copied.</summary>
    [Fact]
    public void Operations_share_no_bytes()
    {
        var bytes = SampleObject.Bytes("operations");
        var elf = ElfObject.Parse(bytes, "x");
        var types = elf.Find(".BTF")!;
        var section = BtfFile.Parse(types.Content, "x").Find(BtfKind.DataSection, ".struct_ops.link")!.Value;
        var content = types.Content.ToArray();

        // Three times the same, over what follows: the section of the licence, which nobody needs.
        var (from, count) = (At(elf, section), section.Count + 2);
        Assert.True(At(elf, section.File[section.Id + 1]) - from == 24 && section.File[section.Id + 1].Kind is BtfKind.DataSection);
        Put(content, from + 4, (15u << 24) | (uint)count);
        content.AsSpan(from + 12, 12).CopyTo(content.AsSpan(from + 24));
        content.AsSpan(from + 12, 12).CopyTo(content.AsSpan(from + 36));

        Refused("PM8022", "section `.struct_ops.link`: its structs have 144 bytes, and it has 48", With(bytes, types, content));
    }

    [Fact]
    public void A_map_is_no_struct_of_operations()
    {
        var bytes = SampleObject.Bytes("opens");
        var elf = ElfObject.Parse(bytes, "x");
        var map = BpfSpec.Parse(bytes, "x").Types!.Types.Single(t => t.Kind is BtfKind.Variable && t.Name == "events").Target;
        Put(bytes, Place(elf.Find(".BTF")!.Content) + At(elf, map.Members.Single(m => m.Name == "type").Type.Target) + 20, (uint)MapKind.StructOperations);

        Refused("PM8022", "map `events` is of type 26, which is for structs of operations", bytes);
    }

    [Fact]
    public void Values_are_put_into_maps_where_these_are()
    {
        var bytes = SampleObject.Bytes("opens");
        var elf = ElfObject.Parse(bytes, "x");
        var (relocations, maps) = (elf.Find(".rel.BTF")!, elf.Find(".maps")!);
        Put(bytes, (int)BitConverter.ToInt64(bytes, 40) + (64 * relocations.Index) + 44, maps.Index);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(Place(relocations.Content)), -8);

        Refused("PM8022", $"a relocation is for byte 18446744073709551608 of section `.maps`, which has {maps.Size}", bytes);
    }

    /// <summary>libbpf goes by their names alone.</summary>
    [Theory]
    [InlineData(".maps", 0)]
    [InlineData(".maps", 8)]
    [InlineData("license", 8)]
    [InlineData(".BTF", 7)]
    public void What_is_found_by_its_name_has_content(string name, int type)
    {
        var bytes = SampleObject.Bytes("opens");
        Put(bytes, (int)BitConverter.ToInt64(bytes, 40) + (64 * ElfObject.Parse(bytes, "x").Find(name)!.Index) + 4, type);

        Refused("PM8020", $"section `{name}` should be of type 1, got {type}", bytes);
    }

    /// <summary>Places are added up in 31 bits, and values of the kernel's configuration written there.</summary>
    [Fact]
    public void Options_of_the_kernel_are_small_numbers_and_texts()
    {
        var bytes = SampleObject.Bytes("several");
        var elf = ElfObject.Parse(bytes, "x");
        var types = BpfSpec.Parse(bytes, "x").Types!;
        var option = types.Find(BtfKind.DataSection, ".kconfig")!.Value.Variables[0].Declaration;
        var begin = Place(elf.Find(".BTF")!.Content);
        var large = bytes.ToArray();
        var array = types.Types.First(t => t.Kind is BtfKind.Array && t.Target.Kind is BtfKind.Integer);
        Put(large, begin + At(elf, option) + 8, array.Id);
        Put(large, begin + At(elf, array) + 20, 0x1000_0000);
        var contains = bytes.ToArray();
        Put(contains, begin + At(elf, option) + 8, types.Types.First(t => t.Kind is BtfKind.Struct).Id);

        Assert.Contains("section `.kconfig`: at most 1048576 bytes, got ", Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(large, "x")).Message, StringComparison.Ordinal);
        Assert.Contains($"section `.kconfig`: `{option.Name}` should be a number, a choice or a text", Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(contains, "x")).Message, StringComparison.Ordinal);
    }

    /// <summary>libbpf goes from function to function on the stack, and makes a copy of them for each program.</summary>
    [Theory]
    [InlineData(true, 4097, 16, "section `.text`: at most 4096 functions, got 4097")]
    [InlineData(false, 4096, 8 * 2049, "4096 programs would each have a copy of section `.text`: at most 8388608 instructions, relocations and lines in all, got 8392704")]
    public void What_is_copied_to_each_program_is_bounded(bool isText, int count, int code, string why)
    {
        var bytes = SampleObject.Bytes("nothing");
        var elf = ElfObject.Parse(bytes, "x");
        var text = elf.Find(".text")!;
        var section = isText ? text : elf.Sections.First(s => s.IsCode && s.Index != text.Index && s.Size > 0);
        var symbols = new byte[24 * (count + 1)];
        for (var at = 24; at < symbols.Length; at += 24)
        {
            (symbols[at + 4], symbols[at + 6]) = (0x12, (byte)section.Index);
        }

        Refused("PM8020", why, With(With(bytes, text, new byte[code]), elf.Find(".symtab")!, symbols));
    }

    /// <summary>libbpf would look for a minute.</summary>
    [Fact]
    public void Variables_are_not_looked_for_without_end()
    {
        const int variables = 3000;
        var bytes = SampleObject.Bytes("operations");
        var elf = ElfObject.Parse(bytes, "x");
        var types = elf.Find(".BTF")!;
        var licence = BtfFile.Parse(types.Content, "x").Find(BtfKind.DataSection, "license")!.Value;
        var (head, from) = (types.Content[..24].ToArray(), At(elf, licence));
        var end = 24 + BitConverter.ToInt32(head, 12);
        Assert.Equal(end, from + 24);
        var record = types.Content[(from + 12)..end].ToArray();
        Put(head, 12, end - 24 + (12 * (variables - 1)));
        Put(head, 16, end - 24 + (12 * (variables - 1)));
        byte[] changed = [.. head, .. types.Content[24..end].ToArray(), .. Enumerable.Repeat(record, variables - 1).SelectMany(r => r), .. types.Content[end..].ToArray()];
        Put(changed, from + 4, (15u << 24) | variables);

        Refused("PM8022", "it has 3003 variables and 60000 symbols: at most 134217728 multiplied", With(With(bytes, types, changed), elf.Find(".symtab")!, new byte[24 * 60_000]));
    }

    static void Refused(string code, string why, byte[] bytes)
    {
        var e = Assert.Throws<EbpfFormatException>(() => BpfSpec.Parse(bytes, "x"));

        Assert.Equal((code, "x: " + why), (e.Code, e.Message));
    }

    /// <summary>The object with other content of a section, at its end.</summary>
    static byte[] With(byte[] bytes, ElfSection section, byte[] content)
    {
        byte[] longer = [.. bytes, .. content];
        var head = (int)BitConverter.ToInt64(bytes, 40) + (64 * section.Index);
        BinaryPrimitives.WriteInt64LittleEndian(longer.AsSpan(head + 24), bytes.Length);
        BinaryPrimitives.WriteInt64LittleEndian(longer.AsSpan(head + 32), content.Length);
        return longer;
    }

    static BtfFile Types(params uint[][] types)
    {
        var words = types.SelectMany(t => t).ToArray();
        uint[] head = [0x0001_eb9f, 24, 0, (uint)words.Length * 4, (uint)words.Length * 4, 1];
        return BtfFile.Parse((byte[])[.. head.Concat(words).SelectMany(BitConverter.GetBytes), 0], "x");
    }

    /// <summary>Where in its file a section's content is.</summary>
    static int Place(ReadOnlyMemory<byte> content) => MemoryMarshal.TryGetArray(content, out var part) ? part.Offset : throw new InvalidOperationException("no array");

    /// <summary>Where in the section a type begins, counted as the format says it.</summary>
    static int At(ElfObject elf, BtfType type)
    {
        var file = elf.Find(".BTF")!.Content.Span;
        var at = 24;
        for (var id = 1; id < type.Id; id++)
        {
            var info = BinaryPrimitives.ReadUInt32LittleEndian(file[(at + 4)..]);
            var count = (int)(info & 0xffff);
            at += 12 + ((info >> 24 & 31) switch { 1 or 14 or 17 => 4, 3 => 12, 4 or 5 or 15 or 19 => 12 * count, 6 or 13 => 8 * count, _ => 0 });
        }

        return at;
    }

    static void Put(byte[] bytes, int at, long value) => BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), (uint)value);
}

using System.Buffers.Binary;
using Pm.Ebpf.Elf;
using Xunit;

namespace Pm.Ebpf.Tests;

public class ElfObjectTests
{
    [Fact]
    public void Sections_symbols_and_relocations_are_those_of_the_file()
    {
        var elf = ElfObject.Parse(SampleObject.Bytes("opens"), "opens.o");

        var code = elf.Find("tracepoint/syscalls/sys_enter_openat")!;
        Assert.True(code.IsCode);
        Assert.Equal(0, code.Size % 8);
        Assert.Contains(elf.Symbols, s => s is { Name: "entered", Kind: ElfSymbolKind.Function, Binding: ElfBinding.Global } && s.Section == code.Index && s.Size == (ulong)code.Size);
        Assert.Contains(elf.RelocationsOf(code), r => elf.Symbols[r.Symbol].Name == "events" && r.Type == 1);
        Assert.True(elf.Find(".bss") is { Size: > 0, Content.IsEmpty: true });
        Assert.Null(elf.Find("nowhere"));
    }

    [Fact]
    public void A_file_is_known_by_its_content()
    {
        Assert.True(ElfObject.IsOne(SampleObject.Bytes("nothing").AsSpan(0, 20)));
        Assert.False(ElfObject.IsOne(SampleObject.Bytes("nothing").AsSpan(0, 19)));
        Assert.False(ElfObject.IsOne(File.ReadAllBytes(Environment.ProcessPath!).AsSpan(0, 64)));
    }

    [Theory]
    [InlineData("#!/bin/sh\n", "not an eBPF object: it does not begin as an ELF file does")]
    [InlineData("", "not an eBPF object: it does not begin as an ELF file does")]
    [InlineData("\x7f" + "ELF", "a number should be 1 bytes from byte 4 on, of 4")]
    public void What_is_none_is_refused(string text, string why)
    {
        var e = Assert.Throws<EbpfFormatException>(() => ElfObject.Parse(System.Text.Encoding.Latin1.GetBytes(text), "x"));

        Assert.Equal(("PM8020", "x: " + why), (e.Code, e.Message));
    }

    [Fact]
    public void An_object_for_another_machine_is_refused()
    {
        var bytes = SampleObject.Bytes("nothing");
        bytes[18] = 62;
        bytes[19] = 0;

        var e = Assert.Throws<EbpfFormatException>(() => ElfObject.Parse(bytes, "x"));

        Assert.Equal("x: not an eBPF object: it is for machine 62, and eBPF is 247", e.Message);
    }

    [Fact]
    public void Wherever_it_is_cut_off_it_is_refused_and_nothing_else_happens()
    {
        var whole = SampleObject.Bytes("opens");
        for (var length = 0; length < whole.Length; length += 7)
        {
            Assert.Throws<EbpfFormatException>(() => ElfObject.Parse(whole.AsMemory(0, length), "x"));
        }
    }

    [Fact]
    public void Sections_that_share_bytes_are_refused()
    {
        var bytes = SampleObject.Bytes("opens");
        var table = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(40));
        for (var section = 1; section < 6; section++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(table + 64 * section + 4), 1);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(table + 64 * section + 24), 0);
            BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(table + 64 * section + 32), bytes.Length);
        }

        var e = Assert.Throws<EbpfFormatException>(() => ElfObject.Parse(bytes, "x"));

        Assert.Contains("shares bytes with another", e.Message, StringComparison.Ordinal);
    }
}

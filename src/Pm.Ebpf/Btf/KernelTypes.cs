using System.Buffers.Binary;
using Pm.Ebpf.Elf;

namespace Pm.Ebpf.Btf;

/// <summary>Finds a kernel's types in a file: as <c>/sys/kernel/btf/vmlinux</c> has them, or the section <c>.BTF</c> of an ELF file such as <c>vmlinux</c>, however large.</summary>
public static class KernelTypes
{
    const int HeadSize = 64;
    const int EntrySize = 64;

    /// <summary>The types alone.</summary>
    /// <exception cref="EbpfFormatException">PM8021: there are none in it.</exception>
    public static byte[] Read(Stream file, string where)
    {
        ArgumentNullException.ThrowIfNull(file);
        var head = Part(file, 0, (int)Math.Min(HeadSize, file.Length), where);
        if (!head.AsSpan().StartsWith("\u007fELF"u8))
        {
            return head.AsSpan().StartsWith((ReadOnlySpan<byte>)[0x9f, 0xeb]) ? Part(file, 0, Length(file.Length, where), where) : throw Wrong(where, "neither type information nor an ELF file that has some");
        }

        if (head.Length < HeadSize || head[4] != 2 || head[5] != 1)
        {
            throw Wrong(where, "expected ELF of 64 bits and little-endian");
        }

        var (table, size, count, names) = (Long(head, 40), Half(head, 58), Half(head, 60), Half(head, 62));
        if (size != EntrySize || count > ElfLimits.Sections || names >= count)
        {
            throw Wrong(where, $"expected at most {ElfLimits.Sections} sections of {EntrySize} bytes each, got {count} of {size}");
        }

        var sections = Part(file, table, EntrySize * count, where);
        var texts = Content(file, sections.AsSpan(EntrySize * names, EntrySize), ElfLimits.Sections * 64, where);
        byte[]? found = null;
        for (var i = 0; i < count; i++)
        {
            var section = sections.AsSpan(EntrySize * i, EntrySize);
            var name = BinaryPrimitives.ReadUInt32LittleEndian(section);
            if (name < texts.Length && texts.AsSpan((int)name).StartsWith(".BTF\0"u8))
            {
                // libbpf would take the last.
                found = found is null ? Content(file, section, BtfLimits.Size, where) : throw Wrong(where, "there are two sections `.BTF`");
            }
        }

        return found ?? throw Wrong(where, "it has no section `.BTF`: the kernel was built without (CONFIG_DEBUG_INFO_BTF)");
    }

    static byte[] Content(Stream file, ReadOnlySpan<byte> section, int limit, string where) => Long(section, 32) is var size && size <= limit
        ? Part(file, Long(section, 24), (int)size, where)
        : throw Wrong(where, $"a section: at most {limit} bytes, got {size}");

    static int Length(long length, string where) => length <= BtfLimits.Size ? (int)length : throw Wrong(where, $"type information: at most {BtfLimits.Size} bytes, got {length}");

    static byte[] Part(Stream file, long at, int length, string where)
    {
        if (at < 0 || at > file.Length || length > file.Length - at)
        {
            throw Wrong(where, $"{length} bytes should stand from byte {at} on, of {file.Length}");
        }

        var bytes = new byte[length];
        file.Position = at;
        file.ReadExactly(bytes);
        return bytes;
    }

    /// <summary>What is too large for a sign is beyond any file.</summary>
    static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]) is >= 0 and var number ? number : long.MaxValue;

    static int Half(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes[at..]);

    static EbpfFormatException Wrong(string where, string message) => new("PM8021", message, where);
}

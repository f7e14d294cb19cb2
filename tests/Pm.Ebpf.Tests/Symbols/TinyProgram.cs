using System.Text;

namespace Pm.Ebpf.Tests.Symbols;

/// <summary>A program as a linker writes it, of nothing but a segment, a section, symbols and their names. Source: elf(5).</summary>
sealed class TinyProgram
{
    public const int Head = 64;
    public const int SegmentSize = 56;
    public const int SymbolSize = 24;
    public const int SegmentTable = Head;
    public const int SymbolTable = Head + SegmentSize;

    const byte Global = 1 << 4;

    readonly List<byte[]> _symbols = [new byte[SymbolSize]];
    readonly List<byte> _names = [0];

    /// <summary>Where the segment's first byte, which is byte 0 of the file, comes in memory.</summary>
    public ulong Address { get; init; } = 0x40_0000;

    /// <summary>Bytes of the file that are loaded.</summary>
    public ulong Size { get; init; } = 0x1000;

    /// <summary>Where the section of the functions ends, counted from <see cref="Address"/>.</summary>
    public ulong SectionSize { get; init; } = 0x1000;

    /// <summary>SHT_SYMTAB, or SHT_DYNSYM.</summary>
    public int Table { get; init; } = 2;

    public int NameTable => SymbolTable + (SymbolSize * _symbols.Count);

    public int SectionTable => NameTable + _names.Count;

    /// <param name="place">Counted from <see cref="Address"/>.</param>
    /// <param name="type">STT_FUNC, unless it is said.</param>
    public TinyProgram With(string name, ulong place, ulong size, bool isLocal = false, int type = 2, ushort section = 1)
    {
        var symbol = new byte[SymbolSize];
        BitConverter.GetBytes(_names.Count).CopyTo(symbol, 0);
        symbol[4] = (byte)(type | (isLocal ? 0 : Global));
        BitConverter.GetBytes(section).CopyTo(symbol, 6);
        BitConverter.GetBytes(Address + place).CopyTo(symbol, 8);
        BitConverter.GetBytes(size).CopyTo(symbol, 16);
        _symbols.Add(symbol);
        _names.AddRange([.. Encoding.UTF8.GetBytes(name), 0]);
        return this;
    }

    public byte[] Bytes()
    {
        var bytes = new byte[SectionTable + (4 * Head)];
        "\u007fELF\u0002\u0001"u8.CopyTo(bytes);
        Put(bytes, 32, 8, SegmentTable);
        Put(bytes, 40, 8, (ulong)SectionTable);
        Put(bytes, 54, 2, SegmentSize);
        Put(bytes, 56, 2, 1);
        Put(bytes, 58, 2, Head);
        Put(bytes, 60, 2, 4);
        Put(bytes, SegmentTable, 4, 1);
        Put(bytes, SegmentTable + 16, 8, Address);
        Put(bytes, SegmentTable + 32, 8, Size);
        _symbols.SelectMany(s => s).ToArray().CopyTo(bytes, SymbolTable);
        _names.CopyTo(bytes, NameTable);
        Section(bytes, 1, type: 1, Address, 0, SectionSize, link: 0);
        Section(bytes, 2, Table, 0, SymbolTable, (ulong)(SymbolSize * _symbols.Count), link: 3);
        Section(bytes, 3, type: 3, 0, (ulong)NameTable, (ulong)_names.Count, link: 0);
        return bytes;
    }

    public static void Put(byte[] bytes, int at, int width, ulong value) => BitConverter.GetBytes(value).AsSpan(0, width).CopyTo(bytes.AsSpan(at));

    void Section(byte[] bytes, int number, int type, ulong address, ulong place, ulong size, uint link)
    {
        var at = SectionTable + (number * Head);
        Put(bytes, at + 4, 4, (ulong)type);
        Put(bytes, at + 16, 8, address);
        Put(bytes, at + 24, 8, place);
        Put(bytes, at + 32, 8, size);
        Put(bytes, at + 40, 4, link);
    }
}

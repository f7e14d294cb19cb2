namespace Pm.Ebpf.Btf;

/// <summary>The line of source that an instruction was made from.</summary>
public readonly record struct BtfLine
{
    readonly uint _file;
    readonly uint _text;
    readonly uint _position;
    readonly BtfFile _types;

    internal BtfLine(string section, uint offset, uint file, uint text, uint position, BtfFile types) =>
        (Section, Offset, _file, _text, _position, _types) = (section, offset, file, text, position, types);

    public string Section { get; }

    /// <summary>In bytes from the section's begin.</summary>
    public uint Offset { get; }

    /// <summary>The path that the compiler was given.</summary>
    public string File => _types.LongName(_file);

    /// <summary>The line itself; empty where it is not known.</summary>
    public string Text => _types.LongName(_text);

    /// <summary>From 1 on.</summary>
    public int Number => (int)(_position >> 10);

    /// <summary>From 1 on; 0 where it is not known.</summary>
    public int Column => (int)(_position & 0x3ff);
}

namespace Pm.Ebpf.Btf;

/// <summary>The head that <c>.BTF</c> and <c>.BTF.ext</c> begin with alike.</summary>
readonly struct BtfHead
{
    const int FixedSize = 8;

    readonly CheckedBytes _head;

    BtfHead(CheckedBytes head, CheckedBytes body) => (_head, Body) = (head, body);

    /// <summary>What the places in the head count from.</summary>
    public CheckedBytes Body { get; }

    /// <param name="file">What it begins.</param>
    /// <param name="magic">The number that says what this is.</param>
    /// <param name="least">Bytes that it has in every version.</param>
    /// <exception cref="EbpfFormatException">It is of another format, or cut off.</exception>
    public static BtfHead Read(CheckedBytes file, ushort magic, int least = FixedSize)
    {
        if (file.Half(0) != magic || file.Byte(2) != 1)
        {
            throw file.Wrong($"type information: expected {magic:x4} of version 1 in this byte order, got {file.Half(0):x4} of version {file.Byte(2)}");
        }

        var length = file.Word(4);
        return length >= least
            ? new BtfHead(file.Part(0, length, "the head of the type information"), file.Part(length, (ulong)file.Length - Math.Min(length, (uint)file.Length), "type information"))
            : throw file.Wrong($"the head of the type information should be {least} bytes or more, got {length}");
    }

    /// <summary>A number behind its fixed part; 0 where an older compiler wrote none.</summary>
    public uint Word(int at) => FixedSize + at + 4 <= _head.Length ? _head.Word(FixedSize + at) : 0;
}

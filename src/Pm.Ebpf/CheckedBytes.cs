using System.Buffers.Binary;
using System.Text;

namespace Pm.Ebpf;

/// <summary>Bytes from outside, little-endian, of which nothing beyond the end is ever read.</summary>
/// <param name="bytes">The bytes.</param>
/// <param name="code">What an error of their format is called: PMnnnn.</param>
/// <param name="where">The file that they are of.</param>
readonly struct CheckedBytes(ReadOnlyMemory<byte> bytes, string code, string where)
{
    public ReadOnlyMemory<byte> Memory { get; } = bytes;

    public int Length => Memory.Length;

    /// <exception cref="EbpfFormatException">It does not lie within.</exception>
    public byte Byte(long at) => Span(at, 1, "a number")[0];

    /// <exception cref="EbpfFormatException">It does not lie within.</exception>
    public ushort Half(long at) => BinaryPrimitives.ReadUInt16LittleEndian(Span(at, 2, "a number"));

    /// <exception cref="EbpfFormatException">It does not lie within.</exception>
    public uint Word(long at) => BinaryPrimitives.ReadUInt32LittleEndian(Span(at, 4, "a number"));

    /// <exception cref="EbpfFormatException">It does not lie within.</exception>
    public ulong Long(long at) => BinaryPrimitives.ReadUInt64LittleEndian(Span(at, 8, "a number"));

    /// <summary>A part of them, of the same file.</summary>
    /// <exception cref="EbpfFormatException">It does not lie within.</exception>
    public CheckedBytes Part(ulong at, ulong length, string what)
    {
        Check(at, length, what);
        return new CheckedBytes(Memory.Slice((int)at, (int)length), code, where);
    }

    /// <summary>Other bytes of the same file.</summary>
    public CheckedBytes With(ReadOnlyMemory<byte> other) => new(other, code, where);

    /// <summary>The text from <paramref name="at"/> to the next NUL.</summary>
    /// <exception cref="EbpfFormatException">It has no end, or is longer than <paramref name="limit"/> bytes.</exception>
    public ReadOnlySpan<byte> Text(uint at, int limit, string what)
    {
        if (at >= (uint)Length)
        {
            throw Wrong($"{what} should begin at byte {at} of a table of {Length}");
        }

        var rest = Memory.Span[(int)at..];
        var end = rest[..Math.Min(rest.Length, limit + 1)].IndexOf((byte)0);
        return end >= 0 ? rest[..end] : throw Wrong($"{what}: at most {limit} bytes, got more");
    }

    /// <summary>As <see cref="Text"/>, for people; what is no UTF-8 is replaced.</summary>
    /// <exception cref="EbpfFormatException">As <see cref="Text"/>; or it has control characters, with which a name could end pm's line and begin one of its own.</exception>
    public string String(uint at, int limit, string what) => Name(Text(at, limit, what), what);

    /// <summary>A name as text.</summary>
    /// <exception cref="EbpfFormatException">It has control characters, of ASCII or of Unicode, or such as turn the direction of what follows.</exception>
    public string Name(ReadOnlySpan<byte> name, string what)
    {
        var text = Encoding.UTF8.GetString(name);
        return name.IndexOfAnyExceptInRange((byte)' ', (byte)'~') < 0 || !text.Any(c => char.IsControl(c) || c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069'))
            ? text : throw Wrong($"{what} has control characters");
    }

    public EbpfFormatException Wrong(string message) => new(code, message, where);

    ReadOnlySpan<byte> Span(long at, int length, string what)
    {
        Check((ulong)at, (ulong)length, what);
        return Memory.Span.Slice((int)at, length);
    }

    void Check(ulong at, ulong length, string what)
    {
        if (at > (ulong)Length || length > (ulong)Length - at)
        {
            throw Wrong($"{what} should be {length} bytes from byte {at} on, of {Length}");
        }
    }
}

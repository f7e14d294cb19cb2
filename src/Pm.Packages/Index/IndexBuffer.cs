using System.Buffers.Binary;
using System.Text;

namespace Pm.Packages.Index;

/// <summary>Bytes of an index that are being put together.</summary>
sealed class IndexBuffer(int capacity = 256)
{
    byte[] _bytes = new byte[capacity];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Add(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    public void Add(byte value) => Take(1)[0] = value;

    public void AddUInt32(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(sizeof(uint)), value);

    public void AddVarint(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
        {
            Add((byte)(value | 0x80));
        }

        Add((byte)value);
    }

    public void AddText(ReadOnlySpan<byte> utf8)
    {
        AddVarint((uint)utf8.Length);
        Add(utf8);
    }

    public void AddText(string text)
    {
        AddVarint((uint)Encoding.UTF8.GetByteCount(text));
        Encoding.UTF8.GetBytes(text, Take(Encoding.UTF8.GetByteCount(text)));
    }

    Span<byte> Take(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Array.Resize(ref _bytes, checked((int)Math.Min(Array.MaxLength, Math.Max(2L * _bytes.Length, (long)Length + count))));
        }

        Length += count;
        return _bytes.AsSpan(Length - count, count);
    }
}

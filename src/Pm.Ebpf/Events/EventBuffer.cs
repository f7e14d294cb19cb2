namespace Pm.Ebpf.Events;

/// <summary>Where decoded events are written, as UTF-8. It grows to what the largest needs and is used again, so that none allocates.</summary>
public sealed class EventBuffer
{
    byte[] _bytes = new byte[4096];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    public void Clear() => Length = 0;

    public void Append(byte value)
    {
        if (Length == _bytes.Length)
        {
            Grow(1);
        }

        _bytes[Length++] = value;
    }

    public void Append(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(Free(bytes.Length));
        Length += bytes.Length;
    }

    /// <summary>A number in decimal digits, or whatever else it writes of itself.</summary>
    internal void Append<T>(T value, ReadOnlySpan<char> format = default) where T : IUtf8SpanFormattable
    {
        // No number has as many digits as this.
        const int longest = 64;
        var free = Free(longest);
        if (!value.TryFormat(free, out var count, format, System.Globalization.CultureInfo.InvariantCulture))
        {
            throw new System.Diagnostics.UnreachableException();
        }

        Length += count;
    }

    internal void Fill(byte value, int count)
    {
        Free(count)[..count].Fill(value);
        Length += count;
    }

    Span<byte> Free(int count)
    {
        if (_bytes.Length - Length < count)
        {
            Grow(count);
        }

        return _bytes.AsSpan(Length);
    }

    void Grow(int count) => Array.Resize(ref _bytes, (int)Math.Max(Math.Min(2L * _bytes.Length, Array.MaxLength), (long)Length + count));
}

namespace Pm.Linux;

/// <summary>What a child wrote to one pipe, up to a limit.</summary>
sealed class ChildCapture(Pipe pipe, int limit)
{
    // More than a pipe holds, so this finds all that a child wrote before it ended; and one that writes without end
    // cannot keep the clock from being looked at.
    const int ChunksAtOnce = 16;

    byte[] _kept = [];
    int _length;
    bool _isOver;

    /// <summary>The descriptor to wait for, or null when the end was read.</summary>
    public int? Descriptor => _isOver ? null : (int)pipe.Own.DangerousGetHandle();

    public bool IsCut { get; private set; }

    public ReadOnlyMemory<byte> Kept => _kept.AsMemory(0, _length);

    /// <summary>Reads what is there now.</summary>
    public void Drain(byte[] chunk)
    {
        for (var i = 0; i < ChunksAtOnce && !_isOver && pipe.Read(chunk) is { } count; i++)
        {
            var kept = Math.Min(count, limit - _length);
            Keep(chunk.AsSpan(0, kept));
            IsCut |= kept < count;
            _isOver = count == 0;
        }
    }

    void Keep(ReadOnlySpan<byte> data)
    {
        if (_length + data.Length > _kept.Length)
        {
            Array.Resize(ref _kept, (int)Math.Min(limit, Math.Max(_kept.Length * 2L, _length + (long)data.Length)));
        }
        data.CopyTo(_kept.AsSpan(_length));
        _length += data.Length;
    }
}

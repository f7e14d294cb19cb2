namespace Pm.Linux;

/// <summary>What a child still has to read.</summary>
sealed class ChildFeed(Pipe pipe, ChildOptions options)
{
    ReadOnlyMemory<byte> _rest = options.Input;
    byte[]? _buffer;
    bool _isOver;

    /// <summary>The descriptor to wait for, or null when there is nothing more to say.</summary>
    public int? Descriptor => _isOver ? null : (int)pipe.Own.DangerousGetHandle();

    /// <summary>Writes what the child has room for. A child that stops reading is no error: many need not all.</summary>
    public void Go(byte[] chunk)
    {
        if (_rest.IsEmpty && options.InputStream is { } stream)
        {
            _buffer ??= new byte[chunk.Length];
            _rest = _buffer.AsMemory(0, stream.Read(_buffer));
        }
        try
        {
            var isAtEnd = _rest.IsEmpty;
            _rest = isAtEnd ? _rest : _rest[(pipe.Write(_rest.Span) ?? 0)..];
            if (isAtEnd || (_rest.IsEmpty && options.InputStream is null))
            {
                Close();
            }
        }
        catch (SystemCallException e) when (e.Errno == Errno.EPIPE)
        {
            Close();
        }
    }

    void Close()
    {
        _isOver = true;
        pipe.Own.Dispose();
    }
}

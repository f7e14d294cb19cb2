using Pm.Codecs;

namespace Pm.Packages.Pkg;

/// <summary>A stream whose first bytes were looked at, and are yielded all the same. Forward only.</summary>
sealed class PeekedStream : ReadOnlyStream
{
    readonly Stream _source;
    readonly byte[] _head;
    readonly int _length;
    int _taken;

    /// <param name="source">Not disposed.</param>
    /// <param name="headSize">How many bytes are looked at, at most.</param>
    public PeekedStream(Stream source, int headSize)
    {
        _source = source;
        _head = new byte[headSize];
        _length = source.ReadAtLeast(_head, headSize, throwOnEndOfStream: false);
    }

    public ReadOnlySpan<byte> Head => _head.AsSpan(0, _length);

    public override int Read(Span<byte> buffer)
    {
        if (_taken == _length)
        {
            return _source.Read(buffer);
        }

        var count = Math.Min(buffer.Length, _length - _taken);
        _head.AsSpan(_taken, count).CopyTo(buffer);
        _taken += count;
        return count;
    }
}

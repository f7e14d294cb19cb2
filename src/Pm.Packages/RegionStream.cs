using Pm.Codecs;

namespace Pm.Packages;

/// <summary>A part of a seekable stream, read forward.</summary>
public sealed class RegionStream(Stream source, long offset, long length) : ReadOnlyStream
{
    long _position;

    public override long Length => length;

    public override long Position
    {
        get => _position;
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Min(buffer.Length, length - _position);
        if (wanted == 0)
        {
            return 0;
        }

        if (source.Position != offset + _position)
        {
            source.Position = offset + _position;
        }

        var count = source.Read(buffer[..wanted]);
        _position += count;
        return count;
    }
}

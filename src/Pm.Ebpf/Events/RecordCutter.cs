using Pm.Ebpf.Loading;

namespace Pm.Ebpf.Events;

/// <summary>Cuts bytes that come in pieces into records of one size.</summary>
/// <param name="sink">Takes each of them; what is left at the end, too.</param>
/// <param name="size">From 1 on.</param>
public sealed class RecordCutter(IEventSink sink, int size)
{
    readonly byte[] _begun = new byte[size];
    int _length;

    /// <summary>A piece.</summary>
    public void Take(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_length == 0 && bytes.Length >= size)
            {
                sink.Take(bytes[..size]);
                bytes = bytes[size..];
                continue;
            }

            var part = bytes[..Math.Min(bytes.Length, size - _length)];
            part.CopyTo(_begun.AsSpan(_length));
            _length += part.Length;
            bytes = bytes[part.Length..];
            if (_length == size)
            {
                End();
            }
        }
    }

    /// <summary>There is no more.</summary>
    public void End()
    {
        if (_length > 0)
        {
            var length = _length;
            _length = 0;
            sink.Take(_begun.AsSpan(0, length));
        }
    }
}

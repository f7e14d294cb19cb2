using Pm.Ebpf.Loading;

namespace Pm.Ebpf.Events;

/// <summary>Gives each record to the sink of its layout: that of its length; else the next longer, of which it may be the begin; else the longest.</summary>
/// <param name="layouts">How long the records of each are; no two are equal, and there is one at least.</param>
sealed class LayoutSink(IEnumerable<(long Length, IEventSink Sink)> layouts) : IEventSink
{
    readonly (long Length, IEventSink Sink)[] _layouts = [.. layouts.OrderBy(l => l.Length)];

    public void Take(ReadOnlySpan<byte> record)
    {
        foreach (var (length, sink) in _layouts)
        {
            if (length >= record.Length)
            {
                sink.Take(record);
                return;
            }
        }

        _layouts[^1].Sink.Take(record);
    }

    public void Lose(ulong count) => _layouts[0].Sink.Lose(count);
}

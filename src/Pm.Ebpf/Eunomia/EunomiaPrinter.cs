using Pm.Ebpf.Events;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Eunomia;

/// <summary>Writes the events of a package as eunomia's loader does: below a header, with the time before each, or one JSON object a line.</summary>
/// <param name="output">Where they go.</param>
/// <param name="isJson">As JSON.</param>
/// <param name="hasHeader">The names stand above the columns.</param>
/// <param name="time">Whose time it is.</param>
public sealed class EunomiaPrinter(Stream output, bool isJson, bool hasHeader, TimeProvider time)
{
    /// <summary>Bytes held back at most, while events come faster than they are asked for.</summary>
    const int MostHeld = 64 << 10;

    readonly EventBuffer _buffer = new();
    readonly EventBuffer _clock = new();
    Sink? _last;

    /// <summary>How many were dropped because nobody read in time, as far as the kernel says it.</summary>
    public ulong Lost { get; private set; }

    /// <summary>What takes the events of one map.</summary>
    /// <param name="decoder">How they are written.</param>
    /// <param name="stacks">Where they are stacks, what reads them: then that is what is shown.</param>
    public IEventSink For(EventDecoder decoder, StackReader? stacks = null)
    {
        ArgumentNullException.ThrowIfNull(decoder);
        return new Sink(this, decoder, stacks);
    }

    /// <summary>The header of the only map that has events, at once.</summary>
    public void WriteHeader(IEventSink sink) => Show((sink as Sink)!);

    /// <summary>Sends on what is held back.</summary>
    public void Flush()
    {
        if (_buffer.Length > 0)
        {
            output.Write(_buffer.Written);
            output.Flush();
            _buffer.Clear();
        }
    }

    /// <summary>The names above the columns, whenever other events stood before.</summary>
    void Show(Sink sink)
    {
        if (!isJson && hasHeader && sink.Stacks is null && _last != sink)
        {
            sink.Decoder.WriteHeader(_buffer);
        }

        _last = sink;
    }

    void Tell(Sink sink, ReadOnlySpan<byte> record)
    {
        if (sink.Stacks is { } stacks)
        {
            StackText.WriteEunomia(stacks, record, isJson, _buffer);
        }
        else if (isJson)
        {
            sink.Decoder.WriteJson(record, _buffer);
        }
        else
        {
            Show(sink);
            var now = time.GetLocalNow();
            _clock.Clear();
            _clock.Append(now.Hour, "D2");
            _clock.Append((byte)':');
            _clock.Append(now.Minute, "D2");
            _clock.Append((byte)':');
            _clock.Append(now.Second, "D2");
            sink.Decoder.WriteColumns(record, _buffer, _clock.Written);
        }

        if (_buffer.Length >= MostHeld)
        {
            Flush();
        }
    }

    sealed class Sink(EunomiaPrinter printer, EventDecoder decoder, StackReader? stacks) : IEventSink
    {
        public StackReader? Stacks => stacks;

        public EventDecoder Decoder => decoder;

        public void Take(ReadOnlySpan<byte> record) => printer.Tell(this, record);

        public void Lose(ulong count) => printer.Lost += count;
    }
}

using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Events;

/// <summary>Writes the events of all maps of an object to one stream. Nothing is allocated for an event; <see cref="Flush"/> sends on what is held back.</summary>
/// <param name="output">Where they go.</param>
/// <param name="style">How they look.</param>
/// <param name="isAlone">One map has events: then none says which it is of.</param>
public sealed class EventPrinter(Stream output, EventStyle style, bool isAlone)
{
    /// <summary>Bytes held back at most, while events come faster than they are asked for.</summary>
    const int MostHeld = 64 << 10;

    readonly EventBuffer _buffer = new();

    /// <summary>How many were written.</summary>
    public long Written { get; private set; }

    /// <summary>How many were dropped because nobody read in time, as far as the kernel says it.</summary>
    public ulong Lost { get; private set; }

    /// <summary>What takes the events of one map.</summary>
    /// <param name="map">Its name.</param>
    /// <param name="type">What they are.</param>
    /// <param name="stacks">What reads their stacks; null: they have none.</param>
    /// <exception cref="EbpfFormatException">PM8023: they cannot be written.</exception>
    public IEventSink For(string map, BtfType type, StackReader? stacks = null) => new Sink(this, map, EventDecoder.Compile(type), stacks);

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

    sealed class Sink : IEventSink
    {
        readonly EventPrinter _printer;
        readonly EventDecoder _decoder;
        readonly byte[] _member;
        readonly byte[] _word;
        readonly StackReader? _stacks;
        bool _hasHeader;

        public Sink(EventPrinter printer, string map, EventDecoder decoder, StackReader? stacks)
        {
            (_printer, _decoder, _stacks) = (printer, decoder, stacks);
            _member = printer.IsAlone ? [] : EventDecoder.Member("map", map);
            _word = printer.IsAlone ? [] : Encoding.UTF8.GetBytes(map + " ");
            if (printer.IsAlone)
            {
                WriteHeader();
            }
        }

        public void Take(ReadOnlySpan<byte> record)
        {
            var buffer = _printer._buffer;
            switch (_printer.Style)
            {
                case EventStyle.Json:
                    _decoder.WriteJson(record, buffer, _stacks is null ? _member : [.. _member, .. StackText.Members(_stacks, record)]);
                    break;
                case EventStyle.Text:
                    buffer.Append(_word);
                    _decoder.WriteText(record, buffer);
                    break;
                default:
                    WriteHeader();
                    buffer.Append(_word);
                    _decoder.WriteColumns(record, buffer);
                    break;
            }

            if (_stacks is not null && _printer.Style is not EventStyle.Json)
            {
                StackText.Write(_stacks, record, buffer);
            }

            _printer.Written++;
            if (buffer.Length >= MostHeld)
            {
                _printer.Flush();
            }
        }

        public void Lose(ulong count) => _printer.Lost += count;

        /// <summary>Where several maps have events, that of each comes before its first.</summary>
        void WriteHeader()
        {
            if (!_hasHeader && _printer.Style is EventStyle.Columns)
            {
                _printer._buffer.Append(_word);
                _decoder.WriteHeader(_printer._buffer);
                _hasHeader = true;
            }
        }
    }

    bool IsAlone => isAlone;

    EventStyle Style => style;
}

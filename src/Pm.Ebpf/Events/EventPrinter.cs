using System.Collections.Immutable;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
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
    /// <param name="readings">How members are read; null: as their types say.</param>
    /// <exception cref="EbpfFormatException">PM8023: they cannot be written.</exception>
    public IEventSink For(string map, BtfType type, StackReader? stacks = null, IReadOnlyDictionary<string, Reading>? readings = null) =>
        new Sink(this, isAlone ? [] : [("map", map)], EventDecoder.Compile(type, readings: readings, without: stacks?.Layout.ListsOf(type)), stacks);

    /// <summary>What takes the events of one map, each as the layout that has its length.</summary>
    /// <param name="events">The map, and what they are.</param>
    /// <param name="stacks">What reads the stacks of a layout; null: it has none.</param>
    /// <exception cref="EbpfFormatException">PM8023: they cannot be written.</exception>
    public IEventSink For(EventSpec events, Func<BtfType, StackReader?> stacks)
    {
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(stacks);
        return events.Layouts is [var only]
            ? For(events.Map.Name, only, stacks(only), events.Readings)
            : new LayoutSink([.. events.Layouts.Select(layout => (RecordLength.Of(events.Map.Kind, BtfLayout.SizeOf(layout) ?? 0), (IEventSink)Sink(layout)))]);

        // No member of a struct in C has this name.
        Sink Sink(BtfType layout) =>
            new(this, [.. isAlone ? [] : new[] { ("map", events.Map.Name) }, ("struct", EventSpec.NameOf(layout))], EventDecoder.Compile(layout, readings: events.Readings, without: stacks(layout)?.Layout.ListsOf(layout)), stacks(layout));
    }

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

        /// <param name="printer">Where it writes to.</param>
        /// <param name="kinds">What tells its events from others, before each; nothing: there are no others.</param>
        /// <param name="decoder">Writes them.</param>
        /// <param name="stacks">Reads their stacks.</param>
        public Sink(EventPrinter printer, ImmutableArray<(string Key, string Name)> kinds, EventDecoder decoder, StackReader? stacks)
        {
            (_printer, _decoder, _stacks) = (printer, decoder, stacks);
            _member = [.. kinds.SelectMany(k => EventDecoder.Member(k.Key, k.Name))];
            _word = Encoding.UTF8.GetBytes(string.Concat(kinds.Select(k => k.Name + " ")));
            if (kinds.IsEmpty)
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

        /// <summary>Where there are several kinds of events, that of each comes before its first.</summary>
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

    EventStyle Style => style;
}

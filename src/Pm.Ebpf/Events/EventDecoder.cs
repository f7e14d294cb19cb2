using System.Runtime.CompilerServices;
using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Notes;

namespace Pm.Ebpf.Events;

/// <summary>
/// Writes records of one type: as JSON, as columns, or as <c>name=value</c>. The type is made into steps once; writing a record allocates nothing.
/// A record that is shorter than the type ends in zeroes; of one that is longer only an array of no length at the type's end sees more. One thread at a time.
/// </summary>
public sealed class EventDecoder
{
    readonly EventStep[] _steps;
    readonly EventColumn[] _columns;
    readonly int _size;
    readonly EventDialect _dialect;
    byte[] _padded = [];

    EventDecoder(EventCompiler compiler, int size, EventDialect dialect, IReadOnlyCollection<string> without) =>
        (_steps, _columns, _size, _dialect, Read) = ([.. compiler.Steps], EventColumns.Of(compiler.Steps, dialect, without), size, dialect, compiler.Found);

    /// <summary>The members, in their order.</summary>
    public IEnumerable<string> Columns => _columns.Select(c => c.Name);

    /// <summary>The members whose readings were said, and that can be read so.</summary>
    public IReadOnlySet<string> Read { get; }

    /// <param name="type">A struct or union; any other is written as one with a member <c>value</c>.</param>
    /// <param name="dialect">Whose rules hold.</param>
    /// <param name="readings">How members are read, by their names, those within others as <c>outer.inner</c>; of those that are not there, or cannot be read so, nothing is made. People see what they
    /// stand for; JSON has addresses as text, and all else as numbers.</param>
    /// <param name="time">Says when something was; null: the machine's clocks.</param>
    /// <param name="without">Members that people are shown elsewhere, so that they have no column; JSON has them. Null: none.</param>
    /// <exception cref="EbpfFormatException">PM8021, PM8023: it has no size, or demands too much (<see cref="EventLimits"/>).</exception>
    public static EventDecoder Compile(BtfType type, EventDialect dialect = EventDialect.Own, IReadOnlyDictionary<string, Reading>? readings = null, TimeProvider? time = null,
        IReadOnlyCollection<string>? without = null)
    {
        var size = BtfLayout.SizeOf(type) ?? throw new EbpfFormatException("PM8023", $"events of type {type} cannot be written: it has no size");
        if (size > EventLimits.Size)
        {
            throw new EbpfFormatException("PM8023", $"events of type {type}: at most {EventLimits.Size} bytes, got {size}");
        }

        var ways = new MemberReadings(readings, time ?? TimeProvider.System);
        var compiler = new EventCompiler(type, size, dialect, ways);
        var resolved = type.Resolve();
        if (resolved.IsComposite && !(dialect is EventDialect.Own && MemberReadings.IsAddress(resolved)))
        {
            compiler.Members(resolved, 0, 1, 0);
        }
        else
        {
            using var _ = ways.Into("value");
            compiler.Value(resolved, 0, 0, EventNames.Key(type, "value"), 1, 0);
        }

        return new EventDecoder(compiler, size, dialect, without ?? []);
    }

    /// <summary>A decoder of members that somebody picked out of an event, under any names.</summary>
    /// <exception cref="EbpfFormatException">PM8021, PM8023: as <see cref="Compile"/>.</exception>
    internal static EventDecoder CompileMembers(IReadOnlyList<(string Name, BtfType Type, int Offset)> members, EventDialect dialect)
    {
        var size = 0;
        foreach (var (name, type, offset) in members)
        {
            var end = offset + (long)(BtfLayout.SizeOf(type) ?? throw new EbpfFormatException("PM8023", $"member `{name}` cannot be written: {type} has no size"));
            size = end <= EventLimits.Size ? Math.Max(size, (int)end) : throw new EbpfFormatException("PM8023", $"member `{name}`: events have at most {EventLimits.Size} bytes, it ends at {end}");
        }

        var compiler = new EventCompiler(default, size, dialect, new MemberReadings(null, TimeProvider.System));
        foreach (var (name, type, offset) in members)
        {
            compiler.Value(type.Resolve(), 8L * offset, 0, KeyOf(name), 1, 0);
        }

        return new EventDecoder(compiler, size, dialect, []);
    }

    /// <summary>An object on a line.</summary>
    /// <param name="record">The bytes that the program wrote.</param>
    /// <param name="into">Where it is written.</param>
    /// <param name="first">Members that come before, each with its comma; see <see cref="Member"/>.</param>
    [SkipLocalsInit]
    public void WriteJson(ReadOnlySpan<byte> record, EventBuffer into, ReadOnlySpan<byte> first = default)
    {
        ArgumentNullException.ThrowIfNull(into);
        into.Append((byte)'{');
        into.Append(_steps.Length == 0 && !first.IsEmpty ? first[..^1] : first);
        new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]).Write(0, _steps.Length);
        into.Append("}\n"u8);
    }

    /// <summary>The value alone, without a line's end: of what is no struct not an object.</summary>
    [SkipLocalsInit]
    public void WriteValue(ReadOnlySpan<byte> record, EventBuffer into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var isObject = _columns is not [{ Name: "value" }];
        if (isObject)
        {
            into.Append((byte)'{');
            new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]).Write(0, _steps.Length);
            into.Append((byte)'}');
        }
        else
        {
            new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]).WriteBare(0, _steps.Length, EventForm.Json);
        }
    }

    /// <summary>The value alone as people read it, without a line's end.</summary>
    [SkipLocalsInit]
    public void WriteBare(ReadOnlySpan<byte> record, EventBuffer into)
    {
        if (_columns is [{ Name: "value" } only])
        {
            new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]).WriteBare(only.From, only.To, EventForm.Column);
        }
        else
        {
            WriteValue(record, into);
        }
    }

    /// <summary>A line of <c>name = value</c> for each member but one.</summary>
    [SkipLocalsInit]
    public void WriteMembers(ReadOnlySpan<byte> record, string except, EventBuffer into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var writer = new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]);
        foreach (var column in _columns.Where(c => c.Name != except))
        {
            into.Append(Encoding.UTF8.GetBytes(column.Name + " = "));
            writer.WriteBare(column.From, column.To, EventForm.Column);
            into.Append((byte)'\n');
        }
    }

    /// <summary>A line of <c>name=value</c>; text that is not one word stands in quotes.</summary>
    [SkipLocalsInit]
    public void WriteText(ReadOnlySpan<byte> record, EventBuffer into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var writer = new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]);
        for (var i = 0; i < _columns.Length; i++)
        {
            if (i > 0)
            {
                into.Append((byte)' ');
            }

            into.Append(_columns[i].Key);
            writer.WriteBare(_columns[i].From, _columns[i].To, EventForm.Word);
        }

        into.Append((byte)'\n');
    }

    /// <summary>The line above the columns.</summary>
    public void WriteHeader(EventBuffer into)
    {
        ArgumentNullException.ThrowIfNull(into);
        var line = new EventLine(into);
        if (_dialect is EventDialect.Eunomia)
        {
            into.Append("TIME"u8);
        }

        foreach (var column in _columns)
        {
            line.MoveTo(column.Start);
            into.Append(Encoding.UTF8.GetBytes(column.Name.ToUpperInvariant()));
        }

        into.Append((byte)'\n');
    }

    /// <summary>A line with each value below its name; where one is too long for that the next follows after a blank.</summary>
    /// <param name="record">The bytes that the program wrote.</param>
    /// <param name="into">Where it is written.</param>
    /// <param name="first">What stands at the begin of the line.</param>
    [SkipLocalsInit]
    public void WriteColumns(ReadOnlySpan<byte> record, EventBuffer into, ReadOnlySpan<byte> first = default)
    {
        ArgumentNullException.ThrowIfNull(into);
        var line = new EventLine(into);
        into.Append(first);
        var writer = new EventWriter(_steps, Padded(record), into, stackalloc EventWriter.Loop[EventWriter.Depth]);
        foreach (var column in _columns)
        {
            line.MoveTo(column.Start);
            writer.WriteBare(column.From, column.To, EventForm.Column);
        }

        into.Append((byte)'\n');
    }

    /// <summary>A member with a text, for <see cref="WriteJson"/>.</summary>
    public static byte[] Member(string name, string text)
    {
        var buffer = new EventBuffer();
        EventText.Quoted(Encoding.UTF8.GetBytes(name), buffer);
        buffer.Append((byte)':');
        EventText.Quoted(Encoding.UTF8.GetBytes(text), buffer);
        buffer.Append((byte)',');
        return buffer.Written.ToArray();
    }

    static byte[] KeyOf(string name)
    {
        var into = new EventBuffer();
        EventText.Quoted(Encoding.UTF8.GetBytes(name), into);
        into.Append((byte)':');
        return into.Written.ToArray();
    }

    ReadOnlySpan<byte> Padded(ReadOnlySpan<byte> record)
    {
        if (record.Length >= _size)
        {
            return record;
        }

        if (_padded.Length == 0)
        {
            _padded = new byte[_size];
        }

        record.CopyTo(_padded);
        _padded.AsSpan(record.Length).Clear();
        return _padded;
    }
}

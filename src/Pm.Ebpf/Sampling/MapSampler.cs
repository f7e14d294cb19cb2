using System.Text;
using Pm.Ebpf.Btf;
using Pm.Ebpf.Events;
using Pm.Ebpf.Notes;
using Pm.Ebpf.Objects;
using Pm.Ebpf.Symbols;

namespace Pm.Ebpf.Sampling;

/// <summary>Shows what is in a map, again and again.</summary>
public sealed class MapSampler
{
    /// <summary>The member of a value that has the rows of a histogram.</summary>
    const string Slots = "slots";

    readonly MapContent _content;
    readonly MapSpec _map;
    readonly SampleNote _note;
    readonly EventDialect _dialect;
    readonly EventDecoder? _key;
    readonly EventDecoder? _value;
    readonly (int Offset, int Size, int Count)? _slots;
    readonly byte[] _first;

    internal MapSampler(MapContent content, MapSpec map, SampleNote note, EventDialect dialect)
    {
        (_content, _map, _note, _dialect) = (content, map, note, dialect);
        _key = map.Key is { } key ? EventDecoder.Compile(key, dialect) : null;
        _value = map.Value is { } value ? EventDecoder.Compile(value, dialect) : null;
        _slots = note.Kind is SampleKind.KeyValue ? null : SlotsOf(map, note);
        _first = dialect is EventDialect.Eunomia ? [] : EventDecoder.Member("map", map.Name);
    }

    public MapSpec Map => _map;

    /// <summary>Reads the stacks that keys name; null: they have none.</summary>
    public StackReader? Stacks { get; set; }

    public TimeSpan Interval => _note.Interval;

    /// <summary>Whether a map can be shown like that.</summary>
    /// <exception cref="EbpfFormatException">PM8069: it cannot.</exception>
    public static void Check(MapSpec map, SampleNote note)
    {
        ArgumentNullException.ThrowIfNull(map);
        ArgumentNullException.ThrowIfNull(note);
        if (map.Kind is not (MapKind.Hash or MapKind.Array or MapKind.PerCpuHash or MapKind.PerCpuArray or MapKind.LruHash or MapKind.LruPerCpuHash or MapKind.LongestPrefixTrie))
        {
            throw new EbpfFormatException("PM8069", $"map `{map.Name}` cannot be shown: expected a hash or an array, got {map.Kind}");
        }

        if (map.KeySize is 0 or > EventLimits.Size || map.ValueSize is 0 or > EventLimits.Size)
        {
            throw new EbpfFormatException("PM8069", $"map `{map.Name}` cannot be shown: keys and values have 1 to {EventLimits.Size} bytes, got {map.KeySize} and {map.ValueSize}");
        }

        if (note.Kind is not SampleKind.KeyValue)
        {
            _ = SlotsOf(map, note);
        }
    }

    /// <summary>Reads the map and shows what is in it: the largest first, where values are numbers.</summary>
    /// <param name="style">How it looks.</param>
    /// <returns>Lines, empty where nothing is in it.</returns>
    /// <exception cref="Loading.BpfException">PM8040: the kernel does not give it.</exception>
    public string Show(EventStyle style)
    {
        List<MapEntry> entries;
        try
        {
            entries = _content.Read(_note.ClearsMap);
        }
        catch (Loading.LibBpfException e)
        {
            throw new Loading.BpfException(new Loading.BpfError("PM8040", $"map `{_map.Name}` cannot be read: {Loading.LibBpfText.Last(e)}"));
        }

        var text = new StringBuilder();
        foreach (var (key, values) in entries.Select(e => (e.Key, Values: Merged(e))).OrderByDescending(e => NumberOf(e.Values)).ThenBy(e => Convert.ToHexString(e.Key.Span), StringComparer.Ordinal))
        {
            // Each processor's array has all its places, used or not.
            if (_map.Kind is MapKind.Array or MapKind.PerCpuArray && values.All(v => v.Span.IndexOfAnyExcept((byte)0) < 0))
            {
                continue;
            }

            if (style is EventStyle.Json || (_dialect is EventDialect.Eunomia && _slots is null))
            {
                WriteJson(key, values, text);
            }
            else if (_slots is null)
            {
                text.Append(_dialect is EventDialect.Own && style is EventStyle.Text ? _map.Name + " " : "")
                    .Append("key=").Append(Written(_key, key.Span, false)).Append(" value=").Append(string.Join(',', values.Select(v => Written(_value, v.Span, false)))).Append('\n');
                WriteStacks(key, text);
            }
            else
            {
                WriteHistogram(key, values[0], style, text);
            }
        }

        return text.ToString();
    }

    /// <summary>What each processor counted is one number, or one histogram; what is more than that stays apart.</summary>
    IReadOnlyList<ReadOnlyMemory<byte>> Merged(MapEntry entry) =>
        entry.Values.Count == 1 ? entry.Values
        : _slots is not null || _map.Value is null || _map.Value.Value.Resolve().Kind is BtfKind.Integer ? [NumberPlaces.Sum(_map.Value, entry.Values)]
        : entry.Values;

    ulong NumberOf(IReadOnlyList<ReadOnlyMemory<byte>> values) =>
        values is [{ Length: <= 8 } only] && (_map.Value is null || _map.Value.Value.Resolve().Kind is BtfKind.Integer) ? NumberPlaces.Read(only.Span) : 0;

    void WriteJson(ReadOnlyMemory<byte> key, IReadOnlyList<ReadOnlyMemory<byte>> values, StringBuilder text)
    {
        text.Append('{').Append(Encoding.UTF8.GetString(_first)).Append(Stacks is null ? "" : Encoding.UTF8.GetString(StackText.Members(Stacks, key.Span)));
        text.Append("\"key\":").Append(Written(_key, key.Span, true)).Append(",\"value\":");
        text.Append(values is [var only] ? Written(_value, only.Span, true) : $"[{string.Join(',', values.Select(v => Written(_value, v.Span, true)))}]").Append("}\n");
    }

    void WriteStacks(ReadOnlyMemory<byte> key, StringBuilder text)
    {
        if (Stacks is not null)
        {
            var buffer = new EventBuffer();
            StackText.Write(Stacks, key.Span, buffer);
            text.Append(Encoding.UTF8.GetString(buffer.Written));
        }
    }

    void WriteHistogram(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, EventStyle style, StringBuilder text)
    {
        text.Append(_dialect is EventDialect.Own && style is EventStyle.Text ? _map.Name + " " : "").Append("key = ").Append(Written(_key, key.Span, false)).Append('\n');
        WriteStacks(key, text);
        var buffer = new EventBuffer();
        _value!.WriteMembers(value.Span, Slots, buffer);
        text.Append(Encoding.UTF8.GetString(buffer.Written));
        var (offset, size, count) = _slots!.Value;
        var counts = new ulong[count];
        for (var i = 0; i < count; i++)
        {
            counts[i] = NumberPlaces.Read(value.Span.Slice(offset + size * i, size));
        }

        var unit = EventText.Bare(_note.Unit ?? "value");
        if (_note.Kind is SampleKind.LinearHistogram)
        {
            Histogram.WriteLinear(counts, unit, text);
        }
        else
        {
            Histogram.WriteLogarithmic(counts, unit, text);
        }
    }

    /// <summary>A key or value without a type is a number, or its bytes.</summary>
    static string Written(EventDecoder? decoder, ReadOnlySpan<byte> bytes, bool isJson)
    {
        if (decoder is null)
        {
            return bytes.Length is 1 or 2 or 4 or 8 ? NumberPlaces.Read(bytes).ToString(System.Globalization.CultureInfo.InvariantCulture)
                : isJson ? $"\"{Convert.ToHexStringLower(bytes)}\"" : Convert.ToHexStringLower(bytes);
        }

        var buffer = new EventBuffer();
        if (isJson)
        {
            decoder.WriteValue(bytes, buffer);
        }
        else
        {
            decoder.WriteBare(bytes, buffer);
        }

        return Encoding.UTF8.GetString(buffer.Written);
    }

    static (int Offset, int Size, int Count) SlotsOf(MapSpec map, SampleNote note)
    {
        var value = map.Value?.Resolve();
        var member = value is { Kind: BtfKind.Struct } ? value.Value.Members.FirstOrDefault(m => m.Name == Slots) : default;
        if (member.Name != Slots || member.Type.Resolve() is not { Kind: BtfKind.Array } array
            || array.Target.Resolve() is not { Kind: BtfKind.Integer, Size: 4 or 8 } element)
        {
            throw new EbpfFormatException("PM8069", $"map `{map.Name}`: a histogram needs a value with a member `{Slots}` of whole numbers, such as `__u32 {Slots}[32]`, got {(value is null ? "no type" : value)}");
        }

        return ((int)(member.BitOffset / 8), (int)element.Size, (int)Math.Min(array.Length, note.Kind is SampleKind.LinearHistogram ? SampleLimits.LinearRows : SampleLimits.LogarithmicRows));
    }
}

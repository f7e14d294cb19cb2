using System.Text;

namespace Pm.Packages.Toml;

/// <summary>A value in a document and its place. Asking for another kind than it has is a bug of the caller's.</summary>
public readonly struct TomlValue
{
    readonly object? _payload;
    readonly long _bits;

    TomlValue(TomlKind kind, TomlSpan span, object? payload, long bits) => (Kind, Span, _payload, _bits) = (kind, span, payload, bits);

    public TomlKind Kind { get; }

    /// <summary>The value as written, quotes and brackets included; of a table, the header or the key that made it.</summary>
    public TomlSpan Span { get; }

    /// <summary>What it is, for messages: "a text", "an array".</summary>
    public string KindName => Kind switch
    {
        TomlKind.Text => "a text",
        TomlKind.Integer => "an integer",
        TomlKind.Float => "a float",
        TomlKind.Boolean => "a boolean",
        TomlKind.OffsetDateTime or TomlKind.LocalDateTime => "a date and time",
        TomlKind.LocalDate => "a date",
        TomlKind.LocalTime => "a time",
        TomlKind.Array => Array.IsOfTables ? "an array of tables" : "an array",
        _ => "a table",
    };

    /// <summary>The text; made anew each time, because most are asked for once or never.</summary>
    public string Text => Of(TomlKind.Text) is string text ? text : Encoding.UTF8.GetString(((TomlSource)_payload!).Bytes.Span.Slice((int)(_bits >> 32), (int)_bits));

    /// <summary>The bytes of a text as they stand in the document; false where they are not the text, because of escapes or lines' ends.</summary>
    internal bool TryGetUtf8(out ReadOnlySpan<byte> utf8)
    {
        utf8 = Of(TomlKind.Text) is TomlSource source ? source.Bytes.Span.Slice((int)(_bits >> 32), (int)_bits) : default;
        return _payload is TomlSource;
    }

#pragma warning disable CA1720 // The words of the specification.
    public long Integer
    {
        get
        {
            Of(TomlKind.Integer);
            return _bits;
        }
    }

    public double Float
    {
        get
        {
            Of(TomlKind.Float);
            return BitConverter.Int64BitsToDouble(_bits);
        }
    }
#pragma warning restore CA1720

    public bool Boolean
    {
        get
        {
            Of(TomlKind.Boolean);
            return _bits != 0;
        }
    }

    /// <summary>The date, the time, or both.</summary>
    public TomlDateTime DateTime => _payload as TomlDateTime ?? throw Mistaken("a date or time");

    public TomlArray Array => (TomlArray)Of(TomlKind.Array)!;

    public TomlTable Table => (TomlTable)Of(TomlKind.Table)!;

    internal static TomlValue OfText(TomlSpan span, TomlSource source, TomlSpan content) =>
        new(TomlKind.Text, span, source, ((long)content.Start << 32) | (uint)content.Length);

    internal static TomlValue OfText(TomlSpan span, string text) => new(TomlKind.Text, span, text, 0);

    internal static TomlValue OfInteger(TomlSpan span, long number) => new(TomlKind.Integer, span, null, number);

    internal static TomlValue OfFloat(TomlSpan span, double number) => new(TomlKind.Float, span, null, BitConverter.DoubleToInt64Bits(number));

    internal static TomlValue OfBoolean(TomlSpan span, bool isTrue) => new(TomlKind.Boolean, span, null, isTrue ? 1 : 0);

    internal static TomlValue OfDateTime(TomlSpan span, TomlDateTime time) => new(time.Kind, span, time, 0);

    internal static TomlValue OfArray(TomlSpan span, TomlArray array) => new(TomlKind.Array, span, array, 0);

    internal static TomlValue OfTable(TomlTable table) => new(TomlKind.Table, table.Span, table, 0);

    object? Of(TomlKind kind) => Kind == kind ? _payload : throw Mistaken(kind.ToString());

    InvalidOperationException Mistaken(string wanted) => new($"{KindName} was taken for {wanted}");
}

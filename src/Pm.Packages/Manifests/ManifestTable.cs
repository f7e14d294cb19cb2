using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using Pm.Packages.Index;
using Pm.Packages.Toml;
using Pm.Packages.Versions;

namespace Pm.Packages.Manifests;

/// <summary>Typed access to a table of a manifest; what is never asked for is unknown. Every exception of its own is PM2110 and names key and place.</summary>
sealed class ManifestTable
{
    const int LongestLine = 1000;
    const int LongestText = 64 * 1024;
    const int LongestKnown = 128;

    readonly TomlDocument _document;
    readonly TomlTable _table;
    readonly HashSet<string>? _known;

    /// <param name="document">What it is a part of.</param>
    /// <param name="table">Its entries.</param>
    /// <param name="name">How messages call it.</param>
    /// <param name="isOurs">Whether pm wrote it: then nobody asks for keys that are not known, and they are not kept track of.</param>
    public ManifestTable(TomlDocument document, TomlTable table, string name, bool isOurs = false) =>
        (_document, _table, Name, _known) = (document, table, name, isOurs ? null : new(StringComparer.Ordinal));

    /// <summary>How messages call it: "package", "dependencies.foo"; "" for the whole document.</summary>
    public string Name { get; }

    public ReadOnlySpan<TomlEntry> Entries => _table.Entries;

    public bool Has(string key) => Ask(key) is not null;

    /// <summary>The entry of a key; null when it is not there.</summary>
    public TomlEntry? Ask(string key)
    {
        _known?.Add(key);
        return _table.Find(key);
    }

    /// <summary>Which of <paramref name="keys"/> is there; null: none.</summary>
    /// <exception cref="PackageFormatException">PM2110: more than one.</exception>
    public string? OneOf(params ReadOnlySpan<string> keys)
    {
        string? found = null;
        foreach (var key in keys)
        {
            if (Ask(key) is { } entry)
            {
                found = found is null ? key : throw Fault(entry, $"{Shown.Quote(found)} says that already; only one of the two can stand there");
            }
        }

        return found;
    }

    public TomlEntry Required(string key) => Ask(key) ?? throw _document.Fault("PM2110", $"{Shown.Quote(PathOf(key))} is missing", _table.Span, Misspelled(key));

    /// <summary>A key that stands there and is nearly the one that does not.</summary>
    string? Misspelled(string key) => EditDistance.Nearest(key, [.. _table.Entries.ToArray().Select(e => e.Key).Where(k => _known?.Contains(k) is false)], most: 1).FirstOrDefault() is { } near
        ? $"is {Shown.Quote(near)} meant for it?"
        : null;

    /// <summary>One line of text that has to be there.</summary>
    public string RequiredLine(string key) => Required(key) is var entry ? Text(entry, entry.Value) : "";

    /// <summary>One line of text; null when the key is not there.</summary>
    public string? Line(string key) => Ask(key) is { } entry ? Text(entry, entry.Value) : null;

    /// <summary>What <paramref name="parse"/> makes of a line; its exception gets the place.</summary>
    public T Parsed<T>(TomlEntry entry, Func<string, T> parse) => Parsed(Text(entry, entry.Value), entry.Value.Span, parse);

    /// <summary>The text of a version: of a number without quotes what stands there, because 0.10 is not 0.1.</summary>
    public PackageVersion Version(TomlEntry entry) => Parsed(
        entry.Value.Kind is TomlKind.Integer or TomlKind.Float ? Written(entry.Value.Span) : Text(entry, entry.Value), entry.Value.Span, PackageVersion.Parse);

    /// <summary>Which versions will do; its fault points into the text where that has no escapes.</summary>
    public VersionRequirement Requirement(TomlEntry entry)
    {
        var text = Text(entry, entry.Value);
        if (VersionRequirement.TryParse(text, out var requirement, out var fault))
        {
            return requirement;
        }

        var span = entry.Value.Span;
        var inside = span.Length == Encoding.UTF8.GetByteCount(text) + 2 ? 1 + Encoding.UTF8.GetByteCount(text.AsSpan(0, fault.Position)) : 0;
        throw _document.Fault("PM2031", $"requirement {Shown.Quote(text)}: {fault.Message}", new TomlSpan(span.Start + inside, 0));
    }

    public T Parsed<T>(string text, TomlSpan span, Func<string, T> parse)
    {
        try
        {
            return parse(text);
        }
        catch (PackageFormatException e) when (e.Where is null)
        {
            throw _document.Fault(e.Code, e.Message, span, e.Hint);
        }
    }

    public bool Flag(string key) => Ask(key) is { } entry
        && (entry.Value.Kind is TomlKind.Boolean ? entry.Value.Boolean : throw Wrong(entry, entry.Value, "true or false"));

    /// <summary>The items of an array of texts; none when the key is not there.</summary>
    public ImmutableArray<string> Lines(string key) => Ask(key) is { } entry ? Lines(entry) : [];

    /// <summary>The entry of a key that has an array; null when it is not there.</summary>
    public TomlEntry? Array(string key) =>
        Ask(key) is { } entry ? entry.Value.Kind is TomlKind.Array ? entry : throw Wrong(entry, entry.Value, "an array of texts") : null;

    /// <summary>What one line of text means, for texts that come again.</summary>
    public T? Known<T>(TomlEntry entry, TomlValue value, KnownTexts<T> known)
        where T : class
    {
        Span<char> buffer = stackalloc char[LongestKnown];
        return TryCopy(value, buffer, out var length) && known.TryGet(buffer[..length], out var meaning) ? meaning : known.Add(Text(entry, value));
    }

    /// <summary>The characters of one line of text, in a buffer where they fit into it.</summary>
    public ReadOnlySpan<char> Characters(TomlEntry entry, Span<char> buffer) =>
        TryCopy(entry.Value, buffer, out var length) ? buffer[..length] : Text(entry, entry.Value);

    public ImmutableArray<string> Lines(TomlEntry entry)
    {
        if (entry.Value.Kind is not TomlKind.Array)
        {
            throw Wrong(entry, entry.Value, "an array of texts");
        }

        var lines = ImmutableArray.CreateBuilder<string>(entry.Value.Array.Count);
        foreach (var item in entry.Value.Array.Items)
        {
            lines.Add(Text(entry, item));
        }

        return lines.MoveToImmutable();
    }

    /// <summary>A table of this one; null when the key is not there.</summary>
    public ManifestTable? Table(string key) => Ask(key) is { } entry ? Table(entry) : null;

    public ManifestTable Table(TomlEntry entry) => entry.Value.Kind is TomlKind.Table
        ? new ManifestTable(_document, entry.Value.Table, PathOf(entry.Key), _known is null)
        : throw Wrong(entry, entry.Value, "a table");

    /// <summary>The tables of an array of tables; none when the key is not there.</summary>
    public IEnumerable<ManifestTable> Tables(string key)
    {
        if (Ask(key) is not { } entry)
        {
            yield break;
        }

        for (var i = 0; i < (entry.Value.Kind is TomlKind.Array ? entry.Value.Array.Count : throw Wrong(entry, entry.Value, $"tables, each below [[{PathOf(key)}]]")); i++)
        {
            var item = entry.Value.Array.Items[i];
            yield return item.Kind is TomlKind.Table
                ? new ManifestTable(_document, item.Table, _known is null ? PathOf(key) : $"{PathOf(key)}[{i}]", _known is null)
                : throw Wrong(entry, item, "a table");
        }
    }

    /// <summary>Text that may be shown: of bounded length, and nothing in it that a terminal obeys.</summary>
    public string Text(TomlEntry entry, TomlValue value, bool mayHaveLines = false)
    {
        if (value.Kind is not TomlKind.Text)
        {
            throw Wrong(entry, value, "a text");
        }

        var text = value.Text;
        var longest = mayHaveLines ? LongestText : LongestLine;
        if (text.Length > longest)
        {
            throw Fault(entry, value, $"it has {text.Length} characters, at most {longest} are read");
        }

        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return text;
        }

        foreach (var rune in text.EnumerateRunes())
        {
            if (Shown.IsUnsafe(rune) && !(mayHaveLines && rune.Value is '\n' or '\t'))
            {
                throw Fault(entry, value, $"the character U+{rune.Value:X4} cannot be shown");
            }
        }

        return text;
    }

    public PackageFormatException Wrong(TomlEntry entry, TomlValue value, string expected) => Fault(entry, value, $"expected {expected}, got {value.KindName}");

    public PackageFormatException Fault(TomlEntry entry, string message) => Fault(entry, entry.Value, message);

    public PackageFormatException Fault(TomlEntry entry, TomlValue value, string message) =>
        _document.Fault("PM2110", $"{Shown.Quote(PathOf(entry.Key))}: {message}", value.Span);

    /// <summary>The keys that nobody asked for, with those that were perhaps meant.</summary>
    public IEnumerable<UnknownField> Unknown()
    {
        foreach (var entry in _table.Entries.ToArray())
        {
            if (_known?.Contains(entry.Key) is false)
            {
                yield return new UnknownField(PathOf(entry.Key), _document.PositionOf(entry.KeySpan.Start), EditDistance.Nearest(entry.Key, _known, most: 1).FirstOrDefault());
            }
        }
    }

    /// <summary>Copies a text of ASCII; false where it is none, has escapes or is too long.</summary>
    static bool TryCopy(TomlValue value, Span<char> target, out int length)
    {
        length = 0;
        return value.Kind is TomlKind.Text && value.TryGetUtf8(out var utf8) && Ascii.ToUtf16(utf8, target, out length) is OperationStatus.Done;
    }

    string PathOf(string key) => Name.Length == 0 ? key : $"{Name}.{key}";

    string Written(TomlSpan span) => Encoding.UTF8.GetString(_document.Bytes.Span.Slice(span.Start, span.Length));
}

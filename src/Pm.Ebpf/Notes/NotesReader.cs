using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Ebpf.Notes;

/// <summary>Reads notes of anybody. Members that are not known are left: a later pm may have written them.</summary>
/// <param name="where">The file, for messages.</param>
/// <param name="subject">How messages call it.</param>
sealed class NotesReader(string where, string subject)
{
    public static ObjectNotes Read(ReadOnlyMemory<byte> utf8, string where)
    {
        var reader = new NotesReader(where, $"notes ({ObjectNotes.Section})");
        var text = utf8.Span is [.., 0] ? utf8[..^1] : utf8;
        if (text.Length > NoteLimits.Size)
        {
            throw reader.Wrong($"at most {NoteLimits.Size} bytes, got {text.Length}");
        }

        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = NoteLimits.Depth });
            return reader.Notes(document.RootElement);
        }
        catch (JsonException e)
        {
            throw reader.Wrong($"not valid JSON at byte {e.BytePositionInLine + 1} of line {e.LineNumber + 1}");
        }
    }

    /// <summary>Reads what <c>@cmdarg</c> of a source says of a flag.</summary>
    public static FlagNote ReadFlag(string json, string where) => Part(json, where, "comment", (reader, element) => reader.Flag("@cmdarg", element));

    /// <summary>Reads what <c>@sample</c> of a source says of a map.</summary>
    public static SampleNote ReadSample(string json, string where) => Part(json, where, "comment", (reader, element) => reader.Sample("@sample", element));

    static T Part<T>(string json, string where, string what, Func<NotesReader, JsonElement, T> read)
    {
        var reader = new NotesReader(where, what);
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = NoteLimits.Depth });
            return read(reader, document.RootElement);
        }
        catch (JsonException)
        {
            throw reader.Wrong($"expected a JSON object, got `{(json.Length > 100 ? json[..100] + "…" : json)}`");
        }
    }

    ObjectNotes Notes(JsonElement root)
    {
        var members = Members("they", root);
        return new ObjectNotes
        {
            Description = Text("description", members.GetValueOrDefault("description"), NoteLimits.Text) ?? "",
            Details = Text("details", members.GetValueOrDefault("details"), NoteLimits.Text) ?? "",
            Flags = Entries("flags", members, Flag),
            Maps = Entries("maps", members, (name, e) => Needed(name, Text(name, e, NoteLimits.Text))),
            Samples = Entries("samples", members, Sample),
            Events = Entries("events", members, (name, e) => Needed(name, Text(name, e, NoteLimits.Line))),
            Readings = Entries("readings", members, ReadingsOf),
            Linux = Text("linux", members.GetValueOrDefault("linux"), NoteLimits.Line) ?? "",
            Fallbacks = members.TryGetValue("fallbacks", out var lists) ? [.. Items("fallbacks", lists).Select(Programs)] : [],
        };
    }

    ImmutableArray<string> Programs(JsonElement list)
    {
        ImmutableArray<string> programs = [.. Items("fallbacks", list).Select(e => Needed("fallbacks", Text("fallbacks", e, NoteLimits.Line)))];
        return programs.Length > 0 && programs.Distinct(StringComparer.Ordinal).Count() == programs.Length
            ? programs
            : throw Wrong("`fallbacks`: expected lists of different programs");
    }

    ImmutableSortedDictionary<string, Reading> ReadingsOf(string name, JsonElement element) =>
        Members(name, element).ToImmutableSortedDictionary(m => m.Key, m => Reading(m.Key, Needed(m.Key, Text(m.Key, m.Value, NoteLimits.Line)), Readings.All), StringComparer.Ordinal);

    Reading Reading(string name, string word, IReadOnlyList<Reading> known) => Readings.Find(word) is { } found && known.Contains(found)
        ? found
        : throw Wrong($"`{name}`: expected {string.Join(" or ", known.Select(Readings.NameOf))}, got `{word}`");

    FlagNote Flag(string name, JsonElement element)
    {
        var members = Members(name, element);
        var word = Text("long", members.GetValueOrDefault("long"), NoteLimits.Line);
        if (word is not null && !IsWord(word))
        {
            throw Wrong($"`{name}`: `long`: expected letters, digits and . _ -, got `{word}`");
        }

        var letter = Text("short", members.GetValueOrDefault("short"), NoteLimits.Line);
        if (letter is not null && !(letter is [var only] && char.IsAsciiLetterOrDigit(only)))
        {
            throw Wrong($"`{name}`: `short`: expected one letter or digit, got `{letter}`");
        }

        return new FlagNote
        {
            LongName = word,
            Letter = letter?[0],
            Default = Default(name, members),
            Reading = Text("reading", members.GetValueOrDefault("reading"), NoteLimits.Line) is { } reading ? Reading("reading", reading, Readings.OfFlags) : null,
            Help = Text("help", members.GetValueOrDefault("help"), NoteLimits.Text) ?? "",
        };
    }

    string? Default(string name, Dictionary<string, JsonElement> members)
    {
        if (!members.TryGetValue("default", out var value) || value.ValueKind is JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.String)
        {
            _ = Text("default", value, NoteLimits.Text);
        }

        return value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False && value.GetRawText() is { Length: <= NoteLimits.Text } raw
            ? raw
            : throw Wrong($"`{name}`: `default`: expected a text, a number or a switch");
    }

    SampleNote Sample(string name, JsonElement element)
    {
        var members = Members(name, element);
        if (!members.TryGetValue("interval", out var number) || number.ValueKind is not JsonValueKind.Number || !number.TryGetInt64(out var interval)
            || interval < 1 || interval > NoteLimits.LongestInterval.TotalMilliseconds)
        {
            throw Wrong($"`{name}`: `interval`: expected milliseconds, 1 to {NoteLimits.LongestInterval.TotalMilliseconds}");
        }

        var kind = Text("type", members.GetValueOrDefault("type"), NoteLimits.Line);
        var clears = members.GetValueOrDefault("clear_map");
        return new SampleNote
        {
            Interval = TimeSpan.FromMilliseconds(interval),
            Kind = kind is null ? SampleKind.KeyValue : SampleKinds.Find(kind) ?? throw Wrong($"`{name}`: `type`: expected log2_hist, linear_hist or default_kv, got `{kind}`"),
            Unit = Text("unit", members.GetValueOrDefault("unit"), NoteLimits.Line),
            ClearsMap = clears.ValueKind is JsonValueKind.True
                || (clears.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null or JsonValueKind.False ? false : throw Wrong($"`{name}`: `clear_map`: expected true or false")),
        };
    }

    ImmutableSortedDictionary<string, T> Entries<T>(string member, Dictionary<string, JsonElement> all, Func<string, JsonElement, T> read)
    {
        var entries = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        if (all.TryGetValue(member, out var element))
        {
            foreach (var (name, value) in Members(member, element))
            {
                entries.Add(name, read(name, value));
            }
        }

        return entries.ToImmutable();
    }

    /// <summary>The members of an object; none may stand there twice, since two readers would take different ones.</summary>
    Dictionary<string, JsonElement> Members(string what, JsonElement element)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            throw Wrong($"`{what}`: expected an object");
        }

        var members = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            var name = Checked(what, () => member.Name);
            if (name.Length is 0 or > NoteLimits.Line || members.Count == NoteLimits.Entries || !members.TryAdd(name, member.Value))
            {
                throw Wrong($"`{what}`: expected at most {NoteLimits.Entries} names, each of at most {NoteLimits.Line} characters and none twice");
            }
        }

        return members;
    }

    List<JsonElement> Items(string what, JsonElement element) =>
        element.ValueKind is JsonValueKind.Array && element.GetArrayLength() <= NoteLimits.Entries
            ? [.. element.EnumerateArray()]
            : throw Wrong($"`{what}`: expected a list of at most {NoteLimits.Entries}");

    /// <summary>Null where it is not there.</summary>
    string? Text(string what, JsonElement element, int most)
    {
        if (element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return null;
        }

        return element.ValueKind is JsonValueKind.String && Checked(what, element.GetString) is { } text && text.Length <= most
            ? text
            : throw Wrong($"`{what}`: expected a text of at most {most} characters");
    }

    string Needed(string what, string? text) => text is { Length: > 0 } ? text : throw Wrong($"`{what}`: expected a text");

    T Checked<T>(string what, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as \uD800, or bytes that are no UTF-8: no text has it.
            throw Wrong($"`{what}`: it is not text");
        }
    }

    static bool IsWord(string text) => text.Length > 0 && text[0] != '-' && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    EbpfFormatException Wrong(string message) => new("PM8022", $"{subject}: {message}", where);
}

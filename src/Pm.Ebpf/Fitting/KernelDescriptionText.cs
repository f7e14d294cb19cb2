using System.Collections.Immutable;
using System.Text.Json;

namespace Pm.Ebpf.Fitting;

/// <summary>The description of a kernel as JSON: docs/formats/kernel-description.md.</summary>
public static class KernelDescriptionText
{
    /// <summary>Bytes of a description; the tracepoints of a kernel take some 80 kB.</summary>
    public const int Limit = 4 << 20;

    const int Format = 1;
    const int MostEntries = 65_536;
    const int LongestEntry = 512;
    const int MostDepth = 16;

    /// <summary>Writes the object that <see cref="Read"/> takes.</summary>
    public static void Write(Utf8JsonWriter json, KernelDescription kernel)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(kernel);
        json.WriteStartObject();
        json.WriteNumber("format"u8, Format);
        json.WriteString("release"u8, kernel.Release);
        json.WriteString("machine"u8, kernel.Machine);
        json.WriteString("btf_sha256"u8, kernel.TypesDigest);
        WriteList(json, "modules", kernel.Modules);
        WriteList(json, "security_modules", kernel.SecurityModules);
        json.WriteString("lockdown"u8, kernel.Lockdown);
        WriteList(json, "event_sources", kernel.EventSources);
        json.WriteStartObject("programs"u8);
        foreach (var (kind, takes) in kernel.Programs)
        {
            json.WriteBoolean(kind, takes);
        }

        json.WriteEndObject();
        WriteList(json, "tracepoints", kernel.Tracepoints);
        json.WriteEndObject();
    }

    /// <summary>Reads a description, also out of all that <c>pm doctor --ebpf --json</c> writes. Members that are not known are left.</summary>
    /// <exception cref="EbpfFormatException">PM8047: it is none.</exception>
    public static KernelDescription Read(ReadOnlyMemory<byte> bytes, string where)
    {
        if (bytes.Length > Limit)
        {
            throw Wrong(where, $"at most {Limit} bytes, got {bytes.Length}");
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = MostDepth });
            var root = document.RootElement;
            return Of(Member(Member(root, "data"), "kernel") ?? Member(root, "kernel") ?? root, where);
        }
        catch (JsonException e)
        {
            throw Wrong(where, $"not JSON: line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}");
        }
        catch (InvalidOperationException)
        {
            // The document does not look into texts before they are asked for.
            throw Wrong(where, "a text in it is not Unicode");
        }
    }

    static KernelDescription Of(JsonElement kernel, string where)
    {
        if (Member(kernel, "format") is not { ValueKind: JsonValueKind.Number } format || !format.TryGetInt32(out var number) || number != Format)
        {
            throw Wrong(where, $"not the description of a kernel: expected `\"format\":{Format}`");
        }

        return new KernelDescription
        {
            Release = Text(kernel, "release", where),
            Machine = Text(kernel, "machine", where),
            TypesDigest = Text(kernel, "btf_sha256", where),
            Modules = List(kernel, "modules", where) ?? [],
            SecurityModules = List(kernel, "security_modules", where),
            Lockdown = Text(kernel, "lockdown", where),
            EventSources = List(kernel, "event_sources", where)?.ToImmutableSortedSet(StringComparer.Ordinal),
            Programs = Answers(kernel, where),
            Tracepoints = List(kernel, "tracepoints", where)?.ToImmutableSortedSet(StringComparer.Ordinal),
        };
    }

    static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var member) && member.ValueKind is not JsonValueKind.Null ? member : null;

    static string? Text(JsonElement kernel, string name, string where) => Member(kernel, name) is { } member ? TextOf(member, $"`{name}`", where) : null;

    static string TextOf(JsonElement element, string what, string where) =>
        element.ValueKind is JsonValueKind.String && element.GetString() is { Length: <= LongestEntry } text && !text.Any(char.IsControl)
            ? text
            : throw Wrong(where, $"{what}: expected a text of at most {LongestEntry} characters, on one line");

    static ImmutableArray<string>? List(JsonElement kernel, string name, string where)
    {
        if (Member(kernel, name) is not { } member)
        {
            return null;
        }

        return member.ValueKind is JsonValueKind.Array && member.GetArrayLength() <= MostEntries
            ? [.. member.EnumerateArray().Select(e => TextOf(e, $"`{name}`", where))]
            : throw Wrong(where, $"`{name}`: expected a list of at most {MostEntries}");
    }

    static ImmutableSortedDictionary<string, bool> Answers(JsonElement kernel, string where)
    {
        var answers = ImmutableSortedDictionary.CreateBuilder<string, bool>(StringComparer.Ordinal);
        if (Member(kernel, "programs") is { } member)
        {
            if (member.ValueKind is not JsonValueKind.Object)
            {
                throw Wrong(where, "`programs`: expected an object");
            }

            foreach (var answer in member.EnumerateObject())
            {
                answers[answer.Name] = answer.Value.ValueKind is JsonValueKind.True or JsonValueKind.False && answers.Count < MostEntries
                    ? answer.Value.GetBoolean()
                    : throw Wrong(where, "`programs`: expected true or false for each");
            }
        }

        return answers.ToImmutable();
    }

    static void WriteList(Utf8JsonWriter json, string name, IEnumerable<string>? list)
    {
        json.WritePropertyName(name);
        if (list is null)
        {
            json.WriteNullValue();
            return;
        }

        json.WriteStartArray();
        foreach (var text in list)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    static EbpfFormatException Wrong(string where, string message) => new("PM8047", message, where, "`pm doctor --ebpf --json > FILE` writes one, on the machine that it is of");
}

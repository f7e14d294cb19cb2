using System.Buffers;
using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pm.Ebpf.Notes;

/// <summary>Writes notes; what is not said is left out, and the same notes give the same bytes.</summary>
static class NotesWriter
{
    public static byte[] Write(ObjectNotes notes)
    {
        var buffer = new ArrayBufferWriter<byte>();
        // No page is made of it, so nothing but quotes has to be escaped.
        using (var json = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            Line(json, "description", notes.Description);
            Line(json, "details", notes.Details);
            Entries(json, "flags", notes.Flags, WriteFlag);
            Entries(json, "maps", notes.Maps, (j, text) => j.WriteStringValue(text));
            Entries(json, "samples", notes.Samples, WriteSample);
            Entries(json, "events", notes.Events, (j, text) => j.WriteStringValue(text));
            Entries(json, "readings", notes.Readings, WriteReadings);
            Line(json, "linux", notes.Linux);
            WriteFallbacks(json, notes.Fallbacks);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    static void WriteReadings(Utf8JsonWriter json, ImmutableSortedDictionary<string, Reading> readings)
    {
        json.WriteStartObject();
        foreach (var (member, reading) in readings)
        {
            json.WriteString(member, Readings.NameOf(reading));
        }

        json.WriteEndObject();
    }

    static void WriteFlag(Utf8JsonWriter json, FlagNote flag)
    {
        json.WriteStartObject();
        Line(json, "long", flag.LongName);
        Line(json, "short", flag.Letter?.ToString());
        if (flag.Default is { } value)
        {
            json.WritePropertyName("default"u8);
            json.WriteRawValue(value);
        }

        Line(json, "reading", flag.Reading is { } reading ? Readings.NameOf(reading) : null);
        Line(json, "help", flag.Help);
        json.WriteEndObject();
    }

    static void WriteSample(Utf8JsonWriter json, SampleNote sample)
    {
        json.WriteStartObject();
        json.WriteNumber("interval"u8, (long)sample.Interval.TotalMilliseconds);
        json.WriteString("type"u8, SampleKinds.NameOf(sample.Kind));
        Line(json, "unit", sample.Unit);
        if (sample.ClearsMap)
        {
            json.WriteBoolean("clear_map"u8, true);
        }

        json.WriteEndObject();
    }

    static void WriteFallbacks(Utf8JsonWriter json, ImmutableArray<ImmutableArray<string>> fallbacks)
    {
        if (fallbacks.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("fallbacks"u8);
        foreach (var programs in fallbacks)
        {
            json.WriteStartArray();
            foreach (var program in programs)
            {
                json.WriteStringValue(program);
            }

            json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    static void Line(Utf8JsonWriter json, string member, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            json.WriteString(member, text);
        }
    }

    static void Entries<T>(Utf8JsonWriter json, string member, ImmutableSortedDictionary<string, T> entries, Action<Utf8JsonWriter, T> write)
    {
        if (entries.IsEmpty)
        {
            return;
        }

        json.WriteStartObject(member);
        foreach (var (name, value) in entries)
        {
            json.WritePropertyName(name);
            write(json, value);
        }

        json.WriteEndObject();
    }
}

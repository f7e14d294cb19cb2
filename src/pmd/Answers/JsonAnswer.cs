using System.Buffers;
using System.Text.Json;

namespace Pm.Daemon.Answers;

/// <summary>The envelope of everything for programs: <c>{"schema":"pm/1","kind":…,"data":…}</c>, on one line.</summary>
static class JsonAnswer
{
    const string Schema = "pm/1";
    const string ContentType = "application/json";

    /// <summary>Answers 200 with <paramref name="data"/>; 304 where the client has these very bytes.</summary>
    /// <param name="context">Of the request.</param>
    /// <param name="kind">What the data is, in kebab case: <c>package-list</c>.</param>
    /// <param name="data">Writes the one value of <c>data</c>: a record, so that it can grow.</param>
    public static Task WriteAsync(HttpContext context, string kind, Action<Utf8JsonWriter> data) =>
        TaggedAnswer.WriteAsync(context, Envelope(kind, data), ContentType);

    /// <summary>As <see cref="WriteAsync"/>, for what is nobody else's business: not kept by anybody.</summary>
    public static Task WritePrivateAsync(HttpContext context, int status, string kind, Action<Utf8JsonWriter> data)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.CacheControl = "no-store";
        return TaggedAnswer.SendAsync(context, Envelope(kind, data), ContentType);
    }

    /// <summary>Answers with an error: kind <c>error</c>.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string code, string message, string? hint = null) =>
        WritePrivateAsync(context, status, "error", json =>
        {
            json.WriteStartObject();
            json.WriteString("code"u8, code);
            json.WriteString("message"u8, message);
            if (hint is not null)
            {
                json.WriteString("hint"u8, hint);
            }

            json.WriteEndObject();
        });

    /// <summary>Answers with JSON that is not in the envelope: others' formats.</summary>
    public static Task WriteBareAsync(HttpContext context, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Fill(buffer, data);
        return TaggedAnswer.WriteAsync(context, buffer.WrittenMemory, ContentType);
    }

    static ReadOnlyMemory<byte> Envelope(string kind, Action<Utf8JsonWriter> data)
    {
        var buffer = new ArrayBufferWriter<byte>();
        Fill(buffer, json =>
        {
            json.WriteStartObject();
            json.WriteString("schema"u8, Schema);
            json.WriteString("kind"u8, kind);
            json.WritePropertyName("data"u8);
            data(json);
            json.WriteEndObject();
        });
        return buffer.WrittenMemory;
    }

    static void Fill(ArrayBufferWriter<byte> buffer, Action<Utf8JsonWriter> data)
    {
        using (var json = new Utf8JsonWriter(buffer))
        {
            data(json);
        }

        buffer.Write("\n"u8);
    }
}

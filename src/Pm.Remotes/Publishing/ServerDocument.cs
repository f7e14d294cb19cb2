using System.Buffers;
using System.Text.Json;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>The envelope of what pmd and its clients say to each other.</summary>
static class ServerDocument
{
    public const string Schema = "pm/1";

    /// <summary>In bytes.</summary>
    public const int MaximumLength = 16 * 1024 * 1024;

    /// <summary>The data of an answer.</summary>
    /// <exception cref="RemoteException">PM6051: it is none of that kind.</exception>
    public static T Read<T>(Uri url, ReadOnlyMemory<byte> body, string kind, Func<JsonFields, T> read)
    {
        try
        {
            var document = new JsonFields(StrictJson.Parse(body.Span, MaximumLength, "the answer"), "the answer");
            return document.Text("schema") == Schema && document.Text("kind") == kind
                ? read(document.Child("data"))
                : throw new MetadataException($"expected kind `{kind}` of schema {Schema}");
        }
        catch (MetadataException e)
        {
            throw new RemoteException("PM6051", $"{url.AbsoluteUri}: not the answer of a pmd: {e.Message}", inner: e);
        }
    }

    /// <summary>A request's document.</summary>
    public static ByteArrayContent Write(Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        var content = new ByteArrayContent(buffer.WrittenSpan.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return content;
    }
}

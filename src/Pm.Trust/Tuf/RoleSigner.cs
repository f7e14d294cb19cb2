using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>Writes metadata files: the same content and keys give the same bytes.</summary>
public static class RoleSigner
{
    /// <returns>The whole file: one line, a newline at its end.</returns>
    public static byte[] Sign(RoleMetadata content, IEnumerable<ISigner> keys)
    {
        var signed = Signed(content);
        // What is signed is read again, so that nothing is published that a client would refuse to read.
        var message = CanonicalJson.Encode(StrictJson.Parse(signed, MetadataLimits.Any, $"{content.Type}.json"));
        return Envelope(signed, keys.OrderBy(key => key.Public.Id, StringComparer.Ordinal)
            .Select(key => (key.Public.Id, key.Sign(message))));
    }

    /// <summary>The object that gets signed, as it stands in the file.</summary>
    internal static byte[] Signed(RoleMetadata content)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            content.WriteTo(writer);
        }

        return buffer.WrittenSpan.ToArray();
    }

    internal static byte[] Envelope(ReadOnlySpan<byte> signed, IEnumerable<(string KeyId, byte[] Signature)> signatures)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartObject();
            writer.WritePropertyName("signed");
            writer.WriteRawValue(signed, skipInputValidation: true);
            writer.WriteStartArray("signatures");
            foreach (var (keyId, signature) in signatures)
            {
                writer.WriteStartObject();
                writer.WriteString("keyid", keyId);
                writer.WriteString("sig", Convert.ToHexStringLower(signature));
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Letters of all scripts stay readable; nothing of this goes into HTML unescaped.</summary>
    static JsonWriterOptions Options => new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}

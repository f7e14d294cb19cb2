using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>What timestamp and snapshot say of another metadata file. Length and hashes may be left out (TUF 4.4).</summary>
public sealed record MetaFile(long Version, long? Length, FileHashes? Hashes)
{
    /// <summary>The entry for a file with these bytes.</summary>
    public static MetaFile Of(long version, ReadOnlySpan<byte> bytes) =>
        new(version, bytes.Length, FileHashes.OfSha512(bytes));

    public static MetaFile Parse(JsonFields fields) => new(
        fields.Number("version", 1),
        fields.FindNumber("length", 0),
        fields.FindChild("hashes") is { } hashes ? FileHashes.Parse(hashes) : null);

    /// <summary>Whether a file has the length and the hashes that are named.</summary>
    public bool IsMatch(ReadOnlyMemory<byte> bytes) =>
        (Length is null || Length == bytes.Length) && (Hashes is null || Hashes.Match(bytes.Span, out _));

    public void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        if (Length is { } length)
        {
            writer.WriteNumber("length", length);
        }

        if (Hashes is not null)
        {
            writer.WritePropertyName("hashes");
            Hashes.WriteTo(writer);
        }

        writer.WriteNumber("version", Version);
        writer.WriteEndObject();
    }
}

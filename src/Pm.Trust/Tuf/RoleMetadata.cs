using System.Globalization;
using System.Text.Json;

namespace Pm.Trust.Tuf;

/// <summary>What the metadata of every role says. Source: TUF 4.3.</summary>
public abstract class RoleMetadata
{
    const string SpecificationVersion = "1.0.0";
    const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";

    private protected RoleMetadata()
    {
    }

    private protected RoleMetadata(JsonFields body)
    {
        var type = body.Text("_type");
        if (type != Type)
        {
            throw new MetadataException($"{body.Where}._type: expected `{Type}`, got `{ShownText.Of(type)}`");
        }

        var specification = body.Text("spec_version");
        if (specification.Split('.')[0] != "1")
        {
            // TUF 6.1.6: another major version may mean something else by the same words.
            throw new MetadataException(
                $"{body.Where}.spec_version: expected major version 1, got `{ShownText.Of(specification)}`");
        }

        Version = body.Number("version", 1);
        Expires = ParseTime(body);
    }

    /// <summary>As <c>_type</c> has it.</summary>
    public abstract string Type { get; }

    /// <summary>Greater than 0; never falls.</summary>
    public required long Version { get; init; }

    /// <summary>From this moment on it is not believed any more.</summary>
    public required DateTimeOffset Expires { get; init; }

    /// <summary>Writes the object that gets signed; the same content gives the same bytes.</summary>
    internal void WriteTo(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("_type", Type);
        writer.WriteString("spec_version", SpecificationVersion);
        writer.WriteNumber("version", Version);
        writer.WriteString("expires", Expires.ToUniversalTime().ToString(TimeFormat, CultureInfo.InvariantCulture));
        WriteFields(writer);
        writer.WriteEndObject();
    }

    private protected abstract void WriteFields(Utf8JsonWriter writer);

    static DateTimeOffset ParseTime(JsonFields body)
    {
        // Fractions of a second are not in TUF's form; repositories of go-tuf have them.
        var text = body.Text("expires");
        return DateTimeOffset.TryParseExact(text, [TimeFormat, "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw new MetadataException(
                $"{body.Where}.expires: expected a time like 2030-01-31T23:59:59Z, got `{ShownText.Of(text)}`");
    }
}

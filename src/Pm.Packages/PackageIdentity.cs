using System.Text;
using System.Text.Json;

namespace Pm.Packages;

/// <summary><c>meta/package</c>: <c>{"name":…,"version":…}</c> and a newline. Source: docs/formats/package.md.</summary>
public static class PackageIdentity
{
    /// <summary>Longest document in bytes.</summary>
    public const int MaximumSize = 4096;

    const string Name = "meta/package";

    /// <summary>Reads it with any white space around; members other than the two are passed over.</summary>
    /// <exception cref="PackageFormatException">PM2005, PM2001, PM2002: not such a document, or not a name or version.</exception>
    public static PackageId Parse(ReadOnlySpan<byte> metaPackage, string where = Name)
    {
        if (metaPackage.Length > MaximumSize)
        {
            throw new PackageFormatException("PM2005", $"it has {metaPackage.Length} bytes, at most {MaximumSize} are read", where);
        }

        try
        {
            var (name, version) = Members(metaPackage, where);
            return new PackageId(PackageName.FromFileText(name), PackageVersion.Parse(version));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // InvalidOperationException is what the reader throws for a string that is not UTF-8.
            throw new PackageFormatException("PM2005", "it is not JSON", where, inner: e);
        }
        catch (PackageFormatException e) when (e.Where is null)
        {
            throw new PackageFormatException(e.Code, e.Message, where, inner: e);
        }
    }

    public static byte[] ToBytes(PackageId id) =>
        Encoding.ASCII.GetBytes($$"""{"name":"{{id.Name.FileText}}","version":"{{id.Version.Text}}"}""" + "\n");

    static (string Name, string Version) Members(ReadOnlySpan<byte> json, string where)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 4 });
        string? name = null;
        string? version = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new PackageFormatException("PM2005", "expected an object", where);
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("name"u8))
            {
                name = Text(ref reader, "name", name, where);
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                version = Text(ref reader, "version", version, where);
            }
            else
            {
                reader.Skip();
            }
        }

        _ = reader.Read();
        return (name ?? throw Missing("name", where), version ?? throw Missing("version", where));
    }

    static string Text(ref Utf8JsonReader reader, string member, string? before, string where)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.String || before is not null)
        {
            throw new PackageFormatException("PM2005", $"`{member}`: expected one string", where);
        }

        return reader.GetString()!;
    }

    static PackageFormatException Missing(string member, string where) => new("PM2005", $"`{member}` is missing", where);
}

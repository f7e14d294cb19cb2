using System.Text.Encodings.Web;
using System.Text.Json;

namespace Pm.Packages.Index;

/// <summary>Writes <c>available.json</c>; members in one order, absent ones left out.</summary>
static class AvailableWriter
{
    const int FlushSize = 64 * 1024;

    /// <param name="target">Buffered by the caller.</param>
    /// <param name="sorted">By name, then from the oldest version to the newest; read once.</param>
    public static void Write(Stream target, IEnumerable<AvailablePackage> sorted)
    {
        // Not for embedding in HTML, so only what JSON demands is escaped.
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        using var json = new Utf8JsonWriter(target, options);
        json.WriteStartObject();
        PackageName? name = null;
        foreach (var package in sorted)
        {
            if (name != package.Name)
            {
                if (name is not null)
                {
                    json.WriteEndObject();
                }

                name = package.Name;
                json.WriteStartObject(package.Name.Text);
            }

            Package(json, package);
            if (json.BytesPending > FlushSize)
            {
                json.Flush();
            }
        }

        if (name is not null)
        {
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    static void Package(Utf8JsonWriter json, AvailablePackage package)
    {
        json.WriteStartObject(package.Version.Text);
        Members(json, package);
        json.WriteEndObject();
    }

    /// <summary>The members of one version, into an object that is open.</summary>
    public static void Members(Utf8JsonWriter json, AvailablePackage package)
    {
        json.WriteString("name", package.Name.Text);
        json.WriteString("version", package.Version.Text);
        json.WriteString("description", package.Description);
        Text(json, "namespace", package.Namespace);
        Text(json, "remote", package.Remote);
        Text(json, "title", package.Title);
        Texts(json, "deps", package.Dependencies.Select(d => d.ToString()));
        if (!package.Requires.IsEmpty)
        {
            json.WriteStartObject("requires");
            foreach (var (name, requirement) in package.Requires)
            {
                json.WriteString(name.Text, requirement);
            }

            json.WriteEndObject();
        }

        Texts(json, "provides", package.Provides);
        Text(json, "hash", package.Hash?.ToString());
        Number(json, "size", package.SizeInBytes);
        Number(json, "download_size", package.DownloadSize);
        if (package.IsYanked)
        {
            json.WriteBoolean("yanked", true);
        }

        Text(json, "yank_reason", package.YankReason);
        Text(json, "signer", package.Signer);
    }

    static void Text(Utf8JsonWriter json, string member, string? value)
    {
        if (value is not null)
        {
            json.WriteString(member, value);
        }
    }

    static void Number(Utf8JsonWriter json, string member, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(member, number);
        }
    }

    static void Texts(Utf8JsonWriter json, string member, IEnumerable<string> values)
    {
        var isOpen = false;
        foreach (var value in values)
        {
            if (!isOpen)
            {
                json.WriteStartArray(member);
                isOpen = true;
            }

            json.WriteStringValue(value);
        }

        if (isOpen)
        {
            json.WriteEndArray();
        }
    }
}

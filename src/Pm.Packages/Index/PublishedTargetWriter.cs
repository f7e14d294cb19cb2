using System.Text.Json;

namespace Pm.Packages.Index;

/// <summary>Writes <c>custom</c> of a target: members in one order, absent ones left out.</summary>
static class PublishedTargetWriter
{
    public static void Write(Utf8JsonWriter json, PublishedTarget target)
    {
        var package = target.Package;
        json.WriteStartObject();
        if (package.Hash is { } hash)
        {
            json.WriteString("merkle", hash.ToString());
        }

        Number(json, "size", target.MetaSizeInBytes);
        if (target.BlobList is { } blobs)
        {
            json.WriteStartObject("blobs");
            json.WriteString("merkle", blobs.Root.ToString());
            json.WriteNumber("size", blobs.SizeInBytes);
            Number(json, "compressed", target.BlobListCompressedSize);
            json.WriteEndObject();
        }

        if (target.PkgDigest is { } digest)
        {
            json.WriteStartObject("pkg");
            json.WriteString("sha256", digest.ToString());
            Number(json, "size", package.DownloadSize);
            json.WriteEndObject();
        }

        Number(json, "installed_size", package.SizeInBytes);
        WriteDescription(json, package);
        json.WriteEndObject();
    }

    static void WriteDescription(Utf8JsonWriter json, AvailablePackage package)
    {
        json.WriteString("description", package.Description);
        Text(json, "title", package.Title);
        Text(json, "namespace", package.Namespace);
        Texts(json, "deps", package.Dependencies.Select(dependency => dependency.ToString()));
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
        Text(json, "signer", package.Signer);
        Number(json, "published", package.Published?.ToUnixTimeSeconds());
        Text(json, "same_as", package.SameAs?.Text);
        if (package.IsYanked)
        {
            json.WriteBoolean("yanked", true);
            Text(json, "yank_reason", package.YankReason);
        }
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
        var texts = values.ToList();
        if (texts.Count == 0)
        {
            return;
        }

        json.WriteStartArray(member);
        texts.ForEach(json.WriteStringValue);
        json.WriteEndArray();
    }
}

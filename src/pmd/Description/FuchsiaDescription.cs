using System.Text.Json;
using Pm.Daemon.Answers;
using Pm.Daemon.Routing;
using Pm.Repositories.Serving;
using Pm.Trust.Tuf;

namespace Pm.Daemon.Description;

/// <summary><c>config.json</c> as Fuchsia's <c>pm serve</c> writes it for its device: version 1, or 2 with <c>?version=2</c>.</summary>
static class FuchsiaDescription
{
    /// <summary>How often a device that gets no events asks, in seconds.</summary>
    const int RatePeriod = 60;

    public static Task WriteAsync(HttpContext context)
    {
        var repository = context.Repository();
        var root = repository.View.Root;
        var request = context.Request;
        var url = $"{request.Scheme}://{request.Host}{request.PathBase}";
        return JsonAnswer.WriteBareAsync(context, request.Query["version"] == "2"
            ? json => WriteSecond(json, root, url, HostOf(repository, request.Host.Host))
            : json => WriteFirst(json, root, url));
    }

    static void WriteFirst(Utf8JsonWriter json, RootMetadata root, string url)
    {
        json.WriteStartObject();
        json.WriteString("ID"u8, url);
        json.WriteString("RepoURL"u8, url);
        json.WriteString("BlobRepoURL"u8, $"{url}/blobs");
        json.WriteNumber("RatePeriod"u8, RatePeriod);
        WriteKeys(json, "RootKeys", root);
        json.WriteNumber("rootVersion"u8, root.Version);
        json.WriteNumber("rootThreshold"u8, root.Roles["root"].Threshold);
        json.WriteStartObject("StatusConfig"u8);
        json.WriteBoolean("Enabled"u8, true);
        json.WriteEndObject();
        json.WriteBoolean("Auto"u8, true);
        json.WriteNull("BlobKey"u8);
        json.WriteEndObject();
    }

    static void WriteSecond(Utf8JsonWriter json, RootMetadata root, string url, string host)
    {
        json.WriteStartObject();
        json.WriteString("repo_url"u8, $"fuchsia-pkg://{host}");
        WriteKeys(json, "root_keys", root);
        json.WriteStartArray("mirrors"u8);
        json.WriteStartObject();
        json.WriteString("mirror_url"u8, url);
        json.WriteBoolean("subscribe"u8, true);
        json.WriteString("blob_mirror_url"u8, $"{url}/blobs");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNull("update_package_url"u8);
        json.WriteNumber("root_version"u8, root.Version);
        json.WriteNumber("root_threshold"u8, root.Roles["root"].Threshold);
        json.WriteEndObject();
    }

    static void WriteKeys(Utf8JsonWriter json, string member, RootMetadata root)
    {
        json.WriteStartArray(member);
        foreach (var key in root.Roles["root"].KeyIds.Select(id => root.Keys[id].Ed25519Hex).OfType<string>())
        {
            json.WriteStartObject();
            json.WriteString("type"u8, "ed25519");
            json.WriteString("value"u8, key);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Such a URL has a host and no path, so the namespace goes before the host.</summary>
    static string HostOf(ServedRepository repository, string host) =>
        repository.Namespace.Length == 0 ? host : $"{repository.Namespace.Replace('/', '.')}.{host}";
}

using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;

namespace Pm.Simulation.Lying;

/// <summary>
/// A registry of containers in memory, behind a <see cref="LyingServer"/>: it takes what is pushed, gives it out, and wants a token for both, which it
/// gives for a password. Source: OCI distribution specification 1.1; the token flow of docker's registry.
/// </summary>
public sealed class SampleRegistry
{
    /// <summary>Of the path where tokens are to be had.</summary>
    public const string TokenPath = "token";

    /// <summary>Who may have one, as it stands in the header: pat, with the password secret.</summary>
    public const string Basic = "Basic cGF0OnNlY3JldA==";

    const string Token = "t0ken";

    readonly ConcurrentDictionary<string, byte[]> _files = new();
    readonly ConcurrentDictionary<string, bool> _configurations = new();

    /// <summary>As its answers call it: <c>https://registry.example</c>.</summary>
    public string Url { get; set; } = "";

    /// <summary>What lies at a path (without the first slash), whoever asks; what takes uploads holds nothing.</summary>
    public byte[]? Find(string path) => path.StartsWith(TokenPath, StringComparison.Ordinal) ? [.. "{\"token\":\"t0ken\"}"u8]
        : path.Contains("/uploads/", StringComparison.Ordinal) ? []
        : _files.GetValueOrDefault(path);

    /// <summary>Whether this is the configuration of an artifact.</summary>
    public bool IsConfiguration(string path) => _configurations.ContainsKey(path);

    /// <summary>Answers as a registry should.</summary>
    public Task AnswerAsync(LyingAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var (request, given) = (answer.Request, answer.Request.Headers.GetValueOrDefault("authorization"));
        if (request.Path.StartsWith(TokenPath, StringComparison.Ordinal))
        {
            return given == Basic ? Truth.TellAsync(answer) : SayAsync(answer, "401 Unauthorized");
        }

        return given != $"Bearer {Token}" ? SayAsync(answer, "401 Unauthorized", $"WWW-Authenticate: Bearer realm=\"{Url}/{TokenPath}\",service=\"sample\",scope=\"repository:x:pull,push\"")
            : request.Method switch
            {
                "GET" => Truth.TellAsync(answer),
                "HEAD" => _files.TryGetValue(request.Path, out var known) ? answer.SendHeadAsync("200 OK", $"Content-Length: {known.Length}", $"Docker-Content-Digest: {DigestOf(known)}") : SayAsync(answer, "404 Not Found"),
                "POST" => SayAsync(answer, "202 Accepted", $"Location: /{request.Path}1"),
                _ => SayAsync(answer, Take(request) ? "201 Created" : "400 Bad Request"),
            };
    }

    static string DigestOf(byte[] bytes) => $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";

    /// <summary>Whatever artifact it is of, as the same bytes are in several; null: nobody pushed it.</summary>
    public byte[]? FindBlob(string digest) => _files.FirstOrDefault(file => file.Key.EndsWith($"/blobs/{digest}", StringComparison.Ordinal)).Value;

    bool Take(LyingRequest request)
    {
        var digest = DigestOf(request.Body);
        if (request.Path.Split("/uploads/1?digest=") is [var blobs, var named])
        {
            _files[$"{blobs}/{named}"] = request.Body;
            return named == digest;
        }

        var manifests = request.Path[..request.Path.LastIndexOf('/')];
        using var manifest = JsonDocument.Parse(request.Body);
        if (manifest.RootElement.TryGetProperty("config", out var configuration))
        {
            var place = $"{manifests[..^"manifests".Length]}blobs/";
            var own = configuration.GetProperty("digest").GetString();
            if (!manifest.RootElement.GetProperty("layers").EnumerateArray().Select(layer => layer.GetProperty("digest").GetString()).Append(own).All(part => _files.ContainsKey(place + part)))
            {
                return false;
            }

            _configurations[place + own] = true;
        }

        _files[request.Path] = _files[$"{manifests}/{digest}"] = request.Body;
        return true;
    }

    static Task SayAsync(LyingAnswer answer, string status, params string[] headers) => answer.SendHeadAsync(status, ["Content-Length: 0", .. headers]);
}

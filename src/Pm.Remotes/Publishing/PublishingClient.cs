using System.Globalization;
using System.Net;
using System.Text.Json;
using Pm.Codecs;
using Pm.Packages;
using Pm.Remotes.Http;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <summary>Publishes in a repository over HTTP, by docs/formats/http.md. A token goes with every request, and nowhere else.</summary>
public sealed partial class PublishingClient : IDisposable
{
    /// <summary>So many bytes more at the server, and earlier breaks are forgotten.</summary>
    const long Recovered = 4 * 1024 * 1024;

    readonly PublishingConnection _connection;

    /// <param name="url">Of the repository; see <see cref="PublishingAddress.Require"/>.</param>
    /// <param name="token">The secret.</param>
    /// <param name="settings">How HTTP is spoken.</param>
    public PublishingClient(RemoteUrl url, string token, HttpSettings settings) =>
        _connection = new PublishingConnection(url, token, settings);

    public RemoteUrl Url => _connection.Url;

    /// <summary>Whether the server has these bytes already, published or not; else how many of them, where an upload goes on.</summary>
    /// <exception cref="RemoteException">The token is not good, or it is no pmd.</exception>
    public Task<(bool IsThere, long Offset)> FindAsync(Sha256Digest digest, CancellationToken cancellation) =>
        _connection.PersistAsync(() => LookAsync(digest, cancellation), cancellation);

    /// <summary>Uploads a file, or what is missing of it; goes on where a connection broke.</summary>
    /// <param name="path">Of the file.</param>
    /// <param name="digest">Of its bytes.</param>
    /// <param name="sent">Told of bytes that need not be sent any more, also because they are there.</param>
    /// <param name="cancellation">Ends it; what was sent stays for the next time.</param>
    /// <returns>False: it was there already.</returns>
    public async Task<bool> UploadAsync(string path, Sha256Digest digest, Action<long>? sent, CancellationToken cancellation)
    {
        using var file = File.OpenHandle(path);
        var length = RandomAccess.GetLength(file);
        long counted = 0, kept = 0, forgivenAt = 0;
        var isSent = false;
        await _connection.PersistAsync(SendRestAsync, cancellation, HasGotOn);
        return isSent;

        async Task<bool> SendRestAsync()
        {
            var (isThere, offset) = await LookAsync(digest, cancellation);
            // A server that was killed may have every byte and not know yet that they are all: the last one is sent again.
            kept = isThere ? length : Math.Min(offset, Math.Max(0, length - 1));
            Count(kept);
            if (isThere)
            {
                return true;
            }

            isSent = true;
            using var patience = _connection.Patience();
            using var body = new UploadBody(file, kept, length, patience, Count);
            var (response, answer) = await _connection.ExchangeAsync(HttpMethod.Put, UploadPath(digest), body, patience, cancellation);
            return response.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created
                ? true
                : throw ServerRefusal.Of(_connection.Url, response, answer);
        }

        bool HasGotOn()
        {
            var hasGotOn = kept - forgivenAt >= Recovered;
            forgivenAt = hasGotOn ? kept : forgivenAt;
            return hasGotOn;
        }

        // What is sent twice is counted once.
        void Count(long upTo)
        {
            if (upTo > counted)
            {
                sent?.Invoke(upTo - counted);
                counted = upTo;
            }
        }
    }

    /// <summary>Publishes what is uploaded, all of it or nothing. Asking again after a lost answer changes nothing.</summary>
    /// <returns>For each of them, in their order, what became of it.</returns>
    /// <exception cref="RemoteException">PM6051: the server speaks of others; else what it says.</exception>
    public Task<IReadOnlyList<PublishedUpload>> PublishAsync(IReadOnlyList<StagedUpload> uploads, CancellationToken cancellation) =>
        _connection.PersistAsync(
            async () =>
            {
                using var request = ServerDocument.Write(json =>
                {
                    WriteTexts(json, "uploads", uploads.Select(upload => upload.Digest.ToString()));
                    WriteTexts(json, "names", uploads.Select(upload => upload.Name));
                });
                var body = await _connection.AskAsync(HttpMethod.Post, "publish", request, isLong: true, cancellation);
                return ServerDocument.Read(_connection.Place("publish"), body, "published", data => PublishedUpload.ReadAll(data, uploads));
            },
            cancellation);

    /// <summary>Withdraws a version, or takes that back.</summary>
    /// <returns>False: it was so already.</returns>
    public Task<bool> YankAsync(PackageId package, string? reason, bool isUndone, CancellationToken cancellation) =>
        _connection.PersistAsync(
            async () =>
            {
                using var request = ServerDocument.Write(json =>
                {
                    json.WriteString("name"u8, package.Name.Text);
                    json.WriteString("version"u8, package.Version.Text);
                    json.WriteString("reason"u8, reason);
                    json.WriteBoolean("undo"u8, isUndone);
                });
                var body = await _connection.AskAsync(HttpMethod.Post, "yank", request, isLong: true, cancellation);
                return ServerDocument.Read(_connection.Place("yank"), body, "yanked", data => data.FindBoolean("changed") ?? true);
            },
            cancellation);

    /// <summary>What the server has of a version; null: it is not published.</summary>
    public async Task<PublishedVersion?> FindVersionAsync(PackageId package, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(
                $"packages/{package}", "versions",
                data => data.Array("versions").Select(element => new JsonFields(element, "versions"))
                    .Where(version => version.Text("version") == package.Version.Text)
                    .Select(version => new PublishedVersion(version.FindText("hash"), version.FindBoolean("yanked") ?? false))
                    .FirstOrDefault(),
                cancellation);
        }
        catch (RemoteException e) when (e.Code == "PM5005")
        {
            return null;
        }
    }

    public void Dispose() => _connection.Dispose();

    static string UploadPath(Sha256Digest digest) => $"uploads/{digest}";

    async Task<(bool IsThere, long Offset)> LookAsync(Sha256Digest digest, CancellationToken cancellation)
    {
        using var patience = _connection.Patience();
        var path = UploadPath(digest);
        var (response, body) = await _connection.ExchangeAsync(HttpMethod.Get, path, null, patience, cancellation);
        if (response.StatusCode is HttpStatusCode.OK)
        {
            // Not every 200 is a pmd's: somebody who wants a fee for the network says it too.
            var there = ServerDocument.Read(_connection.Place(path), body, "upload", data => data.Text("sha256"));
            return there == digest.ToString() ? (true, 0) : throw new RemoteException(
                "PM6051", $"{_connection.Place(path)}: not the answer of a pmd: expected upload {digest}, got {Trust.ShownText.Of(there)}");
        }

        return response.StatusCode is HttpStatusCode.NotFound && OffsetOf(response) is { } offset
            ? (false, offset)
            : throw ServerRefusal.Of(_connection.Url, response, body);
    }

    static long? OffsetOf(HttpResponseMessage response) =>
        response.Headers.NonValidated.TryGetValues("Upload-Offset", out var values)
        && long.TryParse(values.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var offset)
            ? offset
            : null;

    static void WriteTexts(Utf8JsonWriter json, string name, IEnumerable<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }
}

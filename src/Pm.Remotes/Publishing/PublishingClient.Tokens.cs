using System.Globalization;
using Pm.Trust.Tuf;

namespace Pm.Remotes.Publishing;

/// <content>Tokens: one's own, and as an administrator those of others.</content>
public sealed partial class PublishingClient
{
    /// <summary>What this client's token is for.</summary>
    public Task<RemoteToken> DescribeTokenAsync(CancellationToken cancellation) => AskAsync("token", "token", RemoteToken.Read, cancellation);

    /// <summary>All tokens of the repository, the newest first.</summary>
    public Task<IReadOnlyList<RemoteToken>> ListTokensAsync(CancellationToken cancellation) =>
        AskAsync<IReadOnlyList<RemoteToken>>(
            "tokens", "token-list",
            data => [.. data.Array("tokens").Select(element => RemoteToken.Read(new JsonFields(element, "tokens")))],
            cancellation);

    /// <summary>Makes a token. Not tried again: a lost answer may have been a token.</summary>
    /// <param name="scopes">What it allows.</param>
    /// <param name="note">What it is for.</param>
    /// <param name="expires">Null: never.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The token and its secret.</returns>
    public async Task<(RemoteToken Token, string Secret)> CreateTokenAsync(
        IReadOnlyList<string> scopes, string note, DateTimeOffset? expires, CancellationToken cancellation)
    {
        using var request = ServerDocument.Write(json =>
        {
            WriteTexts(json, "scopes", scopes);
            json.WriteString("note"u8, note);
            json.WriteString("expires"u8, expires is { } time
                ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)
                : "never");
        });
        var body = await _connection.AskAsync(HttpMethod.Post, "tokens", request, isLong: false, cancellation);
        return ServerDocument.Read(_connection.Place("tokens"), body, "token", data => (RemoteToken.Read(data), Secret(data)));
    }

    /// <summary>Ends a token.</summary>
    /// <returns>False: it was ended before.</returns>
    public Task<bool> RevokeTokenAsync(string id, CancellationToken cancellation) => _connection.PersistAsync(
        async () =>
        {
            var path = $"tokens/{Uri.EscapeDataString(id)}";
            var body = await _connection.AskAsync(HttpMethod.Delete, path, null, isLong: false, cancellation);
            return ServerDocument.Read(_connection.Place(path), body, "token-revoked", data => data.FindBoolean("changed") ?? true);
        },
        cancellation);

    static string Secret(JsonFields data) => RemoteToken.Word(data, "token") is { Length: > 10 } secret && secret.StartsWith("pm_", StringComparison.Ordinal)
        ? secret
        : throw new MetadataException("token: expected pm_ and letters and digits");

    Task<T> AskAsync<T>(string path, string kind, Func<JsonFields, T> read, CancellationToken cancellation) => _connection.PersistAsync(
        async () => ServerDocument.Read(
            _connection.Place(path), await _connection.AskAsync(HttpMethod.Get, path, null, isLong: false, cancellation), kind, read),
        cancellation);
}

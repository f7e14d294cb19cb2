using Pm.Trust.Tuf;

namespace Pm.Remotes;

/// <summary>Which repositories a server says it has, by its <c>/.well-known/pm</c>: for a hint, where a URL leads to none of them.</summary>
/// <remarks>Source: docs/formats/http.md.</remarks>
public static class ServerDirectory
{
    const int MaximumLength = 1 << 20;
    const int MaximumCount = 1000;

    /// <returns>Their URLs; none where the server does not say.</returns>
    /// <param name="fetchers">How it is reached.</param>
    /// <param name="url">Anything on that server.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<IReadOnlyList<RemoteUrl>> FindAsync(Fetchers fetchers, RemoteUrl url, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(fetchers);
        ArgumentNullException.ThrowIfNull(url);
        if (url.Kind is not RemoteKind.Http)
        {
            return [];
        }

        var origin = new Uri(url.Text).GetLeftPart(UriPartial.Authority);
        try
        {
            var body = await fetchers.OpenAsync(PackageUrl.Parse($"{origin}/.well-known/pm"), MaximumLength, cancellation);
            await using var content = body.Content;
            using var bytes = new MemoryStream();
            await content.CopyToAsync(bytes, cancellation);
            return [.. new JsonFields(StrictJson.Parse(bytes.GetBuffer().AsSpan(0, (int)bytes.Length), MaximumLength, "the answer"), "the answer").Child("data").Array("repositories").Take(MaximumCount)
                .Select(element => new JsonFields(element, "repositories").Text("namespace"))
                .Select(name => UrlOf(origin, name)).OfType<RemoteUrl>()];
        }
        catch (Exception e) when (e is RemoteException or MetadataException)
        {
            // No pmd: then there is no hint.
            return [];
        }
    }

    static RemoteUrl? UrlOf(string origin, string name) => RemoteUrl.TryParse($"{origin}/{name}", "/", out var url, out _) ? url : null;
}

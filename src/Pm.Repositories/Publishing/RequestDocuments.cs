using System.Collections.Immutable;
using System.Globalization;
using Pm.Codecs;
using Pm.Packages;
using Pm.Repositories.Tokens;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories.Publishing;

/// <summary>What strangers send to be done, read as strictly as signed metadata. Source: docs/formats/http.md.</summary>
public static class RequestDocuments
{
    /// <summary>In bytes: a thousand uploads with their names.</summary>
    public const int MaximumLength = 512 * 1024;

    const int MaximumName = 255;
    const int MaximumReason = 500;
    const int ShownDigits = 12;
    const string What = "the request";

    /// <summary><c>{"uploads":["SHA256",…],"names":["FILE",…]}</c>; the names are for messages.</summary>
    /// <exception cref="RepositoryException">PM5039: it is not such a document.</exception>
    public static IReadOnlyList<UploadName> ReadUploads(ReadOnlySpan<byte> bytes) => Read<IReadOnlyList<UploadName>>(bytes, request =>
    {
        var digests = request.Texts("uploads").ToList();
        var names = request.Find("names") is null ? [] : request.Texts("names").ToList();
        return [.. digests.Select((text, i) => new UploadName(
            DigestOf(text), i < names.Count && IsName(names[i]) ? names[i] : $"upload {text[..ShownDigits]}"))];
    });

    /// <summary><c>{"name":…,"version":…,"reason":…,"undo":false}</c></summary>
    /// <exception cref="RepositoryException">PM5039: it is not such a document.</exception>
    public static YankRequest ReadYank(ReadOnlySpan<byte> bytes) => Read(bytes, request =>
    {
        var reason = request.FindText("reason");
        if (reason is { Length: > MaximumReason } || reason?.Any(char.IsControl) == true)
        {
            throw Wrong($"reason: expected at most {MaximumReason} characters on one line");
        }

        return PackageName.TryParse(request.Text("name"), out var name) && PackageVersion.TryParse(request.Text("version"), out var version)
            ? new YankRequest(new PackageId(name, version), reason, request.FindBoolean("undo") ?? false)
            : throw Wrong("expected the name and the version of a package");
    });

    /// <summary><c>{"scopes":[…],"note":…,"expires":TIME}</c>; or <c>never</c>; where it is left out the usual time.</summary>
    /// <exception cref="RepositoryException">PM5039: it is not such a document; PM5036: no such token can be.</exception>
    public static NewToken ReadToken(ReadOnlySpan<byte> bytes, DateTimeOffset now) => Read(bytes, request =>
    {
        ImmutableArray<TokenScope> scopes = [.. request.Texts("scopes").Take(TokenScope.MaximumCount + 1).Select(TokenScope.Parse)];
        return new NewToken(scopes, request.FindText("note") ?? "", request.FindText("expires") switch
        {
            null => now + NewToken.DefaultLifetime,
            "never" => null,
            var text when DateTimeOffset.TryParseExact(
                text, "yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) => time,
            _ => throw Wrong("expires: expected a time like 2027-01-31T12:00:00Z, or never"),
        });
    });

    static T Read<T>(ReadOnlySpan<byte> bytes, Func<JsonFields, T> read)
    {
        try
        {
            return read(new JsonFields(StrictJson.Parse(bytes, MaximumLength, What), What));
        }
        catch (MetadataException error)
        {
            throw new RepositoryException("PM5039", error.Message, inner: error);
        }
    }

    static Sha256Digest DigestOf(string text) => Sha256Digest.TryParse(text, null, out var digest) && digest.ToString() == text
        ? digest
        : throw Wrong($"uploads: expected SHA-256 digests, got `{ShownText.Of(text)}`");

    static bool IsName(string text) => text.Length is > 0 and <= MaximumName && !text.Any(char.IsControl) && ShownText.Of(text) == text;

    static RepositoryException Wrong(string detail) => new("PM5039", $"{What}: {detail}");
}

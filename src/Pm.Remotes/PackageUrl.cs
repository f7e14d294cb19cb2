using Pm.Codecs;

namespace Pm.Remotes;

/// <summary>Where a single <c>.pkg</c> is, outside every repository.</summary>
public sealed record PackageUrl
{
    const string DigestPrefix = "sha256=";

    PackageUrl(RemoteUrl place, Uri url, Sha256Digest? digest)
    {
        (Path, Url, Digest) = (place.Path, url, digest);
    }

    /// <summary>Without the fragment.</summary>
    public Uri Url { get; }

    /// <summary>What the fragment says that its bytes have; null: it says nothing.</summary>
    public Sha256Digest? Digest { get; }

    /// <summary>Of a file on this machine, absolute; null: it is behind a web server.</summary>
    public string? Path { get; }

    /// <summary>Whether a word on the command line is meant as one.</summary>
    public static bool IsUrl(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains("://", StringComparison.Ordinal);
    }

    /// <exception cref="RemoteException">PM6001: it is none, or of another kind.</exception>
    public static PackageUrl Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var hash = text.IndexOf('#', StringComparison.Ordinal);
        var plain = hash < 0 ? text : text[..hash];

        // A query is part of the URL of a file, other than of a repository's.
        var query = plain.IndexOf('?', StringComparison.Ordinal);
        var isFile = plain.StartsWith("file:", StringComparison.OrdinalIgnoreCase);
        var place = RemoteUrl.Parse(query < 0 || isFile ? plain : plain[..query], "/");
        return place.Kind is RemoteKind.File or RemoteKind.Http
            ? new PackageUrl(place, new Uri(place.Path is null ? plain : place.Text), hash < 0 ? null : DigestOf(text, text[(hash + 1)..]))
            : throw new RemoteException("PM6001", $"`{Trust.ShownText.Of(text)}`: a package comes from an http, https or file URL");
    }

    public override string ToString() => Url.AbsoluteUri;

    static Sha256Digest DigestOf(string text, string fragment) =>
        fragment.StartsWith(DigestPrefix, StringComparison.Ordinal) && Sha256Digest.TryParse(fragment.AsSpan(DigestPrefix.Length), null, out var digest)
            ? digest
            : throw new RemoteException("PM6001", $"`{Trust.ShownText.Of(text)}`: expected #sha256= and 64 hexadecimal digits behind the URL");
}

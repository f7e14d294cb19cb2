using System.Text.RegularExpressions;
using Pm.Codecs;

namespace Pm.Remotes.Oci;

/// <summary>An artifact of a registry: <c>oci://HOST[:PORT]/NAME[:TAG][@sha256:HEX]</c>. Source: OCI distribution specification 1.1, "Pulling manifests".</summary>
public sealed partial record OciReference
{
    public const string Scheme = "oci://";

    const string DefaultTag = "latest";
    const string DigestPrefix = "sha256:";
    const int LongestName = 255;

    OciReference(string host, string repository, string? tag, Sha256Digest? digest) => (Host, Repository, Tag, Digest) = (host, repository, tag, digest);

    /// <summary>With the port, where one is named.</summary>
    public string Host { get; }

    public string Repository { get; }

    /// <summary>Null where a digest alone is meant.</summary>
    public string? Tag { get; }

    /// <summary>Of the manifest; it vouches for all of the artifact.</summary>
    public Sha256Digest? Digest { get; init; }

    /// <summary>What a request for the manifest names.</summary>
    public string Selector => Digest is { } digest ? DigestPrefix + digest : Tag!;

    /// <summary>Whether a word on the command line is meant as one.</summary>
    public static bool IsOne(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
    }

    /// <exception cref="RemoteException">PM6060: it is none.</exception>
    public static OciReference Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var rest = IsOne(text) ? text[Scheme.Length..] : throw Wrong(text, "expected `oci://`");
        Sha256Digest? digest = null;
        if (rest.IndexOf('@', StringComparison.Ordinal) is var at and >= 0)
        {
            digest = rest[(at + 1)..] is var named && named.StartsWith(DigestPrefix, StringComparison.Ordinal)
                && Sha256Digest.TryParse(named.AsSpan(DigestPrefix.Length), null, out var parsed)
                ? parsed
                : throw Wrong(text, "expected `sha256:` and 64 hexadecimal digits behind `@`");
            rest = rest[..at];
        }

        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var host = slash < 0 ? rest : rest[..slash];
        var name = slash < 0 ? "" : rest[(slash + 1)..];
        string? tag = null;
        if (name.LastIndexOf(':') is var colon and >= 0)
        {
            tag = name[(colon + 1)..];
            name = name[..colon];
        }

        return !HostForm().IsMatch(host) || !Uri.TryCreate($"https://{host}/v2/", UriKind.Absolute, out _) ? throw Wrong(text, "expected a host, as in `oci://ghcr.io/owner/name:tag`")
            : name.Length > LongestName || !NameForm().IsMatch(name) ? throw Wrong(text, "expected a name of lower-case letters, digits, `.`, `_`, `-` and `/` behind the host")
            : tag is not null && !TagForm().IsMatch(tag) ? throw Wrong(text, "expected a tag of at most 128 letters, digits, `.`, `_` and `-`")
            : new OciReference(host.ToLowerInvariant(), name, tag ?? (digest is null ? DefaultTag : null), digest);
    }

    public override string ToString() => $"{Scheme}{Host}/{Repository}{(Tag is null ? "" : ":" + Tag)}{(Digest is { } digest ? "@" + DigestPrefix + digest : "")}";

    static RemoteException Wrong(string text, string why) => new("PM6060", $"`{Trust.ShownText.Of(text)}`: {why}");

    [GeneratedRegex(@"\A(?:[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?\z", RegexOptions.CultureInvariant)]
    private static partial Regex HostForm();

    // Words and what parts them share no letter, so there is one way to read a name and nothing to go back for.
    [GeneratedRegex(@"\A[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex NameForm();

    [GeneratedRegex(@"\A[A-Za-z0-9_][A-Za-z0-9._-]{0,127}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TagForm();
}

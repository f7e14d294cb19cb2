using System.Buffers;

namespace Pm.Packages.Manifests;

/// <summary>
/// Reads sources and their parts: <c>git+https://…#ref?path=sub</c>, <c>github:owner/name#ref</c>, <c>https://…/x.tar.zst#sha256=…</c>, <c>./path</c>.
/// All of it is handed to programs later, so what these could take for an option or another protocol is refused here.
/// </summary>
static class SourceText
{
    /// <summary>Longest URL, name of a branch or tag.</summary>
    const int LongestText = 2000;

    static readonly (string Name, string Host)[] Hosts =
        [("github", "github.com"), ("gitlab", "gitlab.com"), ("bitbucket", "bitbucket.org")];

    static readonly SearchValues<char> UrlCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%");

    static readonly SearchValues<char> NotInReference = SearchValues.Create(" ~^:?*[\\");

    /// <summary>The names of shorthands for places that git repositories are at.</summary>
    public static IEnumerable<string> Shorthands => Hosts.Select(h => h.Name);

    /// <summary>Whether a text can only mean a path.</summary>
    public static bool IsPath(string text) => !text.Contains("://", StringComparison.Ordinal) && !Hosts.Any(h => text.StartsWith(h.Name + ':', StringComparison.Ordinal));

    /// <summary>As <see cref="Read"/>; what is neither URL nor shorthand is a path, and a URL may do without a digest.</summary>
    public static string? ReadLoose(string text, out PackageSource? source)
    {
        source = null;
        if (IsPath(text))
        {
            return Path(text, out source);
        }

        if (!text.StartsWith("http", StringComparison.Ordinal) || text.Contains('#', StringComparison.Ordinal))
        {
            return Read(text, out source);
        }

        var fault = Url(text, "https", "http");
        source = fault is null ? new LinkSource(text) : null;
        return fault;
    }

    /// <summary>The source; else what is wrong with the text.</summary>
    public static string? Read(string text, out PackageSource? source)
    {
        source = null;
        if (text.StartsWith("git+", StringComparison.Ordinal))
        {
            return Git(text["git+".Length..], out source);
        }

        if (text.Split(':', 2) is [var host, var rest] && Hosts.Any(h => h.Name == host))
        {
            var end = rest.IndexOf('#');
            var fault = Shorthand(host, end < 0 ? rest : rest[..end], out var url);
            return fault ?? Git(url + (end < 0 ? "" : rest[end..]), out source);
        }

        if (text.StartsWith("https://", StringComparison.Ordinal) || text.StartsWith("http://", StringComparison.Ordinal))
        {
            const string Digest = "#sha256=";
            var at = text.IndexOf(Digest, StringComparison.Ordinal);
            return at < 0
                ? "an archive needs its digest behind it, as #sha256= and 64 hexadecimal digits; a git repository begins with git+https://"
                : Archive(text[..at], text[(at + Digest.Length)..], out source);
        }

        // A bare word could be a name or a requirement that stands in the wrong place.
        return text.StartsWith('.') || text.StartsWith('/')
            ? Path(text, out source)
            : $"{Shown.Quote(text)} is no source: expected git+https://…, github:OWNER/NAME, an archive with #sha256=…, or a path that begins with ./ or /";
    }

    public static string? Archive(string url, string sha256, out PackageSource? source)
    {
        source = null;
        var fault = Url(url, "https", "http")
            ?? (IsDigest(sha256) ? null : $"{Shown.Quote(sha256)} is no SHA-256: expected 64 hexadecimal digits");
        source = fault is null ? new ArchiveSource(url, sha256.ToLowerInvariant()) : null;
        return fault;
    }

    public static string? Path(string path, out PackageSource? source)
    {
        source = null;
        if (path.Length == 0 || path.Length > PackagePath.MaximumLength || path.Any(char.IsControl) || path.StartsWith('-')
            || path.Contains("://", StringComparison.Ordinal))
        {
            return $"{Shown.Quote(path)} is no path: expected one such as ../name";
        }

        source = new PathSource(path);
        return null;
    }

    public static string? Git(string url, GitReferenceKind kind, string reference, string? folder, out PackageSource? source)
    {
        source = null;
        var fault = Url(url, "https", "http", "ssh", "file")
            ?? (kind is GitReferenceKind.Default ? null : Reference(kind, reference))
            ?? (folder is null || PackagePath.Fault(folder) is not { } wrong ? null : $"path {Shown.Quote(folder)}: {wrong}");
        source = fault is null ? new GitSource(url, kind, kind is GitReferenceKind.Commit ? reference.ToLowerInvariant() : reference, folder) : null;
        return fault;
    }

    /// <summary>The URL of <c>owner/name</c> at one of the known places; GitLab has groups in groups.</summary>
    public static string? Shorthand(string host, string repository, out string url)
    {
        var parts = repository.Split('/');
        url = $"https://{Hosts.First(h => h.Name == host).Host}/{(repository.EndsWith(".git", StringComparison.Ordinal) ? repository : repository + ".git")}";
        return parts.Length < 2 || (parts.Length > 2 && host != "gitlab") || parts.Any(p => !IsRepositoryPart(p))
            ? $"{Shown.Quote(repository)} is no repository: expected owner/name"
            : null;
    }

    public static bool IsDigest(string text) => text.Length == 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>What is wrong with a URL; null when nothing is.</summary>
    public static string? Url(string url, params ReadOnlySpan<string> schemes)
    {
        var end = url.IndexOf("://", StringComparison.Ordinal);
        if (end < 0 || !schemes.Contains(url[..end]))
        {
            return $"{Shown.Quote(url)} is no URL that is fetched from: expected {string.Join(", ", schemes.ToArray().Select(s => s + "://"))}";
        }

        var rest = url.AsSpan(end + 3);
        var slash = rest.IndexOf('/');
        var authority = slash < 0 ? rest : rest[..slash];
        var at = authority.LastIndexOf('@');
        if (url.Length > LongestText || rest.ContainsAnyExcept(UrlCharacters) || (url[..end] == "file" ? !rest.StartsWith("/") : authority.IsEmpty)
            || (at >= 0 ? authority[(at + 1)..] : authority) is ['-', ..] || authority is ['-', ..])
        {
            return $"{Shown.Quote(url)} is no URL";
        }

        return at >= 0 && authority[..at].Contains(':')
            ? "there is a password in the URL; it would be seen by all who see the manifest"
            : null;
    }

    static string? Git(string text, out PackageSource? source)
    {
        var at = text.IndexOf('#');
        var (url, fragment) = at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
        const string Folder = "?path=";
        var question = fragment.IndexOf(Folder, StringComparison.Ordinal);
        var (reference, folder) = question < 0 ? (fragment, null) : (fragment[..question], fragment[(question + Folder.Length)..]);
        var kind = reference.Length == 0 ? GitReferenceKind.Default : IsCommit(reference) ? GitReferenceKind.Commit : GitReferenceKind.Name;
        return Git(url, kind, reference, folder, out source);
    }

    static bool IsRepositoryPart(string part) =>
        part.Length > 0 && part[0] is not ('-' or '.') && part.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    static bool IsCommit(string text) => text.Length is 40 or 64 && text.All(char.IsAsciiHexDigit);

    /// <summary>What is wrong with the name of a branch or tag. Source: git-check-ref-format(1).</summary>
    static string? Reference(GitReferenceKind kind, string name)
    {
        if (kind is GitReferenceKind.Commit)
        {
            return IsCommit(name) ? null : $"{Shown.Quote(name)} is no commit: expected all 40 or 64 hexadecimal digits of its hash";
        }

        return name.Length is 0 or > LongestText || name[0] is '-' or '/' || name[^1] is '/' or '.'
            || name == "@" || name.Contains("..", StringComparison.Ordinal) || name.Contains("@{", StringComparison.Ordinal)
            || name.Any(char.IsControl) || name.AsSpan().ContainsAny(NotInReference)
            || name.Split('/').Any(p => p.Length == 0 || p[0] == '.' || p.EndsWith(".lock", StringComparison.Ordinal))
            ? $"{Shown.Quote(name)} is no name of a branch or tag"
            : null;
    }
}

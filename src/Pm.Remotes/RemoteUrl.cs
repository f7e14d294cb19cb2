using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Pm.Remotes;

/// <summary>Where a remote is: a URL, or a path on this machine. Its path is the remote's namespace.</summary>
public sealed record RemoteUrl
{
    const int MaximumLength = 2048;

    RemoteUrl(RemoteKind kind, string text, string? path)
    {
        Kind = kind;
        Text = text;
        Path = path;
    }

    public RemoteKind Kind { get; }

    /// <summary>As configured and shown; a path is made absolute and written as <c>file://</c>.</summary>
    public string Text { get; }

    /// <summary>The directory of a <see cref="RemoteKind.File"/> remote, absolute; null for others.</summary>
    public string? Path { get; }

    /// <summary>The last part of the URL's path, which makes a good name; null where there is none.</summary>
    public string? LastPart
    {
        get
        {
            var path = Path ?? new Uri(Text).AbsolutePath;
            var part = path.TrimEnd('/').Split('/')[^1];
            return part.Length == 0 ? null : part;
        }
    }

    /// <param name="text">A URL, or an absolute or relative path.</param>
    /// <param name="workingDirectory">What a relative path starts from; absolute.</param>
    /// <param name="url">The result.</param>
    /// <param name="fault">Why it is not one: lower case, no full stop.</param>
    public static bool TryParse(
        string text, string workingDirectory, [NotNullWhen(true)] out RemoteUrl? url, [NotNullWhen(false)] out string? fault)
    {
        url = null;
        fault = text.Length is 0 or > MaximumLength ? $"expected 1 to {MaximumLength} characters, got {text.Length}"
            : text.Any(char.IsControl) ? "it holds control characters"
            : null;
        if (fault is not null)
        {
            return false;
        }

        (url, fault) = HasScheme(text) ? ParseUrl(text) : ParsePath(text, workingDirectory);
        return url is not null;
    }

    /// <exception cref="RemoteException">PM6001: it is not one.</exception>
    public static RemoteUrl Parse(string text, string workingDirectory) => TryParse(text, workingDirectory, out var url, out var fault)
        ? url
        : throw new RemoteException("PM6001", $"remote `{text}`: {fault}");

    public override string ToString() => Text;

    /// <summary>A colon after a word: "scheme://…" or "oci:…"; a path is not taken for one, nor "./a:b".</summary>
    static bool HasScheme(string text) => text.IndexOf("://", StringComparison.Ordinal) > 0;

    static (RemoteUrl?, string?) ParsePath(string text, string workingDirectory) =>
        OfPath(System.IO.Path.GetFullPath(text, workingDirectory));

    static (RemoteUrl?, string?) OfPath(string path)
    {
        var trimmed = path.Length > 1 ? path.TrimEnd('/') : path;
        var escaped = string.Join('/', trimmed.Split('/').Select(Uri.EscapeDataString));
        return (new RemoteUrl(RemoteKind.File, $"file://{escaped}", trimmed), null);
    }

    static (RemoteUrl?, string?) ParseUrl(string text)
    {
        // Uri drops some of them, so that a host of nothing else is none, and they can show another URL than this is.
        if (text.Any(c => char.GetUnicodeCategory(c) is UnicodeCategory.Format))
        {
            return (null, "it holds invisible characters: write them as %HH");
        }

        // Uri escapes the sign once more, and reads what it made of it differently the next time.
        if (HasLonePercent(text))
        {
            return (null, "`%` stands without two hexadecimal digits after it: write it as %25");
        }

        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri))
        {
            return (null, "not a URL");
        }

        if (uri.UserInfo.Length > 0)
        {
            return (null, "credentials do not belong into a URL: it is shown and stored");
        }

        return uri.Scheme switch
        {
            "file" => ParseFile(uri, text),
            "http" or "https" => uri.Query.Length > 0 || uri.Fragment.Length > 0
                ? (null, "paths are put at its end, so it has no query and no fragment: write `?` as %3F and `#` as %23")
                : OfUri(RemoteKind.Http, uri),
            "oci" or "git+https" or "git+ssh" when uri.Host.Length == 0 => (null, $"it names no host: expected {uri.Scheme}://HOST/PATH"),
            "oci" => OfUri(RemoteKind.Oci, uri),
            "git+https" or "git+ssh" or "git+file" => OfUri(RemoteKind.Git, uri),
            _ => (null, $"unknown scheme `{uri.Scheme}`: expected file, https, oci, git+https or a path"),
        };
    }

    static bool HasLonePercent(string text)
    {
        for (var at = text.IndexOf('%'); at >= 0; at = text.IndexOf('%', at + 1))
        {
            if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>With nothing after its slashes it would be read as a path the next time.</summary>
    static (RemoteUrl?, string?) OfUri(RemoteKind kind, Uri uri) => !Http.HostName.IsGood(uri) ? (null, "no host can have that name")
        : uri.AbsoluteUri.TrimEnd('/') is var text && HasScheme(text)
        ? (new RemoteUrl(kind, text, null), null)
        : (null, $"it names no place: expected {uri.Scheme}:///PATH");

    /// <summary>RFC 8089: no host or <c>localhost</c>. What looks like a query is none in a file's name.</summary>
    static (RemoteUrl?, string?) ParseFile(Uri uri, string text)
    {
        if (uri.Host is not ("" or "localhost"))
        {
            return (null, $"a file is on this machine: expected file:///PATH, got host `{uri.Host}`");
        }

        if (uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            return (null, "a file has no query and no fragment: write `?` as %3F and `#` as %23");
        }

        // From the text, not from Uri: that resolves `..` and unescapes in its own ways, and takes `file:/PATH` and blanks before.
        const string scheme = "file://";
        var slash = text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? text.IndexOf('/', scheme.Length) : -1;
        if (slash < 0)
        {
            return (null, "it names no file: expected file:///PATH");
        }

        var path = Uri.UnescapeDataString(text[slash..]);
        return path.Contains('\0', StringComparison.Ordinal)
            ? (null, "it holds a NUL")
            : OfPath(System.IO.Path.GetFullPath(path, "/"));
    }
}

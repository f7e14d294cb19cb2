using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace Pm.Repositories.Serving;

/// <summary>
/// The path of a request target: decoded once, and refused where two readers could take it for two things. What is
/// refused is not mended: nobody who means well sends it.
/// </summary>
public static class RequestPath
{
    /// <summary>Of the whole target, in characters as they were sent.</summary>
    public const int MaximumLength = 4096;

    /// <summary>The path without its first slash and without the query: <c>a/b</c>, "" for <c>/</c>; null: refused.</summary>
    /// <param name="target">As sent: <c>/a/b?q</c>, or <c>http://host/a/b</c>. Source: RFC 9112 3.2.</param>
    public static string? Decode(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Length > MaximumLength)
        {
            return null;
        }

        var path = WithoutAuthority(target);
        if (path.IsEmpty || path[0] != '/')
        {
            return null;
        }

        path = path[1..];
        var query = path.IndexOf('?');
        path = query < 0 ? path : path[..query];
        if (!path.Contains('%'))
        {
            return AreParts(path) ? path.ToString() : null;
        }

        return Unescape(path) is { } text && AreParts(text) ? text : null;
    }

    /// <summary>What stands after the <c>?</c>, as it was sent; "" when there is none.</summary>
    public static string Query(string target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var query = target.IndexOf('?', StringComparison.Ordinal);
        return query < 0 ? "" : target[(query + 1)..];
    }

    static ReadOnlySpan<char> WithoutAuthority(string target)
    {
        var scheme = target.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? "http://".Length
            : target.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? "https://".Length
            : 0;
        if (scheme == 0)
        {
            return target;
        }

        var slash = target.IndexOf('/', scheme);
        return slash < 0 ? "/" : target.AsSpan(slash);
    }

    /// <summary>A slash that was escaped is refused: it is no separator, and no file has it in its name.</summary>
    static string? Unescape(ReadOnlySpan<char> path)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(path.Length)];
        var length = 0;
        for (var at = 0; at < path.Length; at++)
        {
            if (path[at] != '%')
            {
                length += Encoding.UTF8.GetBytes(path.Slice(at, 1), bytes.AsSpan(length));
                continue;
            }

            if (at + 2 >= path.Length
                || !byte.TryParse(path.Slice(at + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value)
                || value == '/')
            {
                return null;
            }

            bytes[length++] = value;
            at += 2;
        }

        return Utf8.IsValid(bytes.AsSpan(0, length)) ? Encoding.UTF8.GetString(bytes, 0, length) : null;
    }

    /// <summary>No part is empty (but the last may be), <c>.</c> or <c>..</c>, or has what a shell or a terminal would misread.</summary>
    static bool AreParts(ReadOnlySpan<char> path)
    {
        for (var start = 0; start <= path.Length;)
        {
            var length = path[start..].IndexOf('/');
            var isLast = length < 0;
            var part = isLast ? path[start..] : path.Slice(start, length);
            if (part is "." or ".." || (part.IsEmpty && !isLast) || part.ContainsAny(Refused) || part.ContainsAnyInRange('\ud800', '\udfff'))
            {
                return false;
            }

            start += part.Length + 1;
        }

        return true;
    }

    static readonly SearchValues<char> Refused = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Select(c => (char)c), .. Enumerable.Range(0x7f, 0x21).Select(c => (char)c), '\\', '#']);
}

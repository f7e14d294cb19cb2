using System.Text;
using Pm.Repositories.Serving;

namespace Pm.Repositories.StaticServing;

/// <summary>Reads the head of a request, strictly: what two servers could read in two ways is refused. Source: RFC 9112.</summary>
static class RequestHeadReader
{
    /// <summary>In bytes, with the empty line at its end.</summary>
    public const int MaximumLength = 16 * 1024;

    const int MaximumHeaders = 64;
    const int BadRequest = 400;
    const int TooManyHeaders = 431;
    const int UnknownVersion = 505;

    /// <param name="bytes">To the empty line, with it.</param>
    /// <param name="head">Null: refused</param>
    /// <returns>with this status.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out RequestHead? head)
    {
        head = null;
        if (bytes.IndexOfAnyInRange((byte)0x7f, (byte)0x7f) >= 0 || HasControls(bytes) || !bytes.EndsWith("\r\n\r\n"u8))
        {
            return BadRequest;
        }

        var lines = Encoding.Latin1.GetString(bytes[..^4]).Split("\r\n");
        return lines.Length > MaximumHeaders + 1 ? TooManyHeaders : ReadLines(lines, out head);
    }

    /// <summary>A carriage return or a line feed alone ends a line for some readers and not for others.</summary>
    static bool HasControls(ReadOnlySpan<byte> bytes)
    {
        for (var at = 0; at < bytes.Length; at++)
        {
            switch (bytes[at])
            {
                case (byte)'\r' when at + 1 < bytes.Length && bytes[at + 1] == '\n':
                    at++;
                    break;
                case < 0x20 and not (byte)'\t':
                    return true;
            }
        }

        return false;
    }

    static int ReadLines(string[] lines, out RequestHead? head)
    {
        head = null;
        if (lines[0].Split(' ') is not [{ Length: > 0 } method, { Length: > 0 } target, ['H', 'T', 'T', 'P', '/', ..] version] || !IsToken(method))
        {
            return BadRequest;
        }

        if (version is not ("HTTP/1.0" or "HTTP/1.1"))
        {
            return UnknownVersion;
        }

        var headers = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            // A name twice is one list for some headers and a contradiction for others; none that are looked at come twice.
            if (colon < 1 || !IsToken(line[..colon]) || (!headers.TryAdd(line[..colon], line[(colon + 1)..].Trim(' ', '\t')) && IsLookedAt(line[..colon])))
            {
                return BadRequest;
            }
        }

        if (version == "HTTP/1.1" && !headers.ContainsKey("Host"))
        {
            return BadRequest;
        }

        head = Make(method, target, version == "HTTP/1.0", headers);
        return 0;
    }

    static RequestHead Make(string method, string target, bool isFirstVersion, Dictionary<string, string> headers) => new(method, target)
    {
        IsFirstVersion = isFirstVersion,
        Conditions = new FileConditions
        {
            IfMatch = headers.GetValueOrDefault("If-Match"),
            IfUnmodifiedSince = headers.GetValueOrDefault("If-Unmodified-Since"),
            IfNoneMatch = headers.GetValueOrDefault("If-None-Match"),
            IfModifiedSince = headers.GetValueOrDefault("If-Modified-Since"),
            IfRange = headers.GetValueOrDefault("If-Range"),
            Range = headers.GetValueOrDefault("Range"),
        },
        AcceptEncoding = headers.GetValueOrDefault("Accept-Encoding"),
        Agent = headers.GetValueOrDefault("User-Agent"),
        Referer = headers.GetValueOrDefault("Referer"),
        IsLast = isFirstVersion
            || headers.GetValueOrDefault("Connection")?.Contains("close", StringComparison.OrdinalIgnoreCase) == true
            || headers.ContainsKey("Transfer-Encoding")
            || headers.GetValueOrDefault("Content-Length", "0") != "0",
    };

    static bool IsLookedAt(string name) => name.ToLowerInvariant() is "host" or "content-length" or "transfer-encoding" or "range" or "if-range"
        or "if-match" or "if-none-match" or "if-modified-since" or "if-unmodified-since";

    static bool IsToken(string text) => text.All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal));
}

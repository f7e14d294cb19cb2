using System.Buffers;
using System.Text;

namespace Pm.Repositories.Serving.Http;

/// <summary>Reads the head of a request, strictly: what two servers could read in two ways is refused. Source: RFC 9112.</summary>
public static class RequestHeadReader
{
    /// <summary>In bytes, with the empty line at its end.</summary>
    public const int MaximumLength = 16 * 1024;

    const int MaximumHeaders = 64;
    const int BadRequest = 400;
    const int TooManyHeaders = 431;
    const int UnknownVersion = 505;

    static readonly SearchValues<byte> Controls = SearchValues.Create(
        [.. Enumerable.Range(0, 0x20).Where(c => c is not ('\t' or '\r' or '\n')).Select(c => (byte)c), 0x7f]);

    static readonly SearchValues<byte> Token = SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    /// <summary>The end of the head that <paramref name="bytes"/> begin with, past its empty line; -1: it is not there yet.</summary>
    public static int End(ReadOnlySpan<byte> bytes) => bytes.IndexOf("\r\n\r\n"u8) is >= 0 and var at ? at + 4 : -1;

    /// <param name="bytes">To the empty line, with it.</param>
    /// <param name="head">Null: refused</param>
    /// <param name="before">An earlier head of the connection, whose texts serve again where they are the same.</param>
    /// <returns>with this status.</returns>
    public static int Read(ReadOnlySpan<byte> bytes, out RequestHead? head, RequestHead? before = null)
    {
        head = null;
        if (!bytes.EndsWith("\r\n\r\n"u8) || bytes.ContainsAny(Controls))
        {
            return BadRequest;
        }

        var line = Line(ref bytes);
        var status = ReadRequestLine(line, before, out var method, out var target, out var isFirstVersion);
        var headers = new RequestHeaders();
        for (var count = 0; status == 0 && !(line = Line(ref bytes)).IsEmpty; count++)
        {
            status = count == MaximumHeaders ? TooManyHeaders : ReadHeader(line, headers);
        }

        if (status != 0 || (!isFirstVersion && !headers.HasHost) || !bytes.IsEmpty)
        {
            return status == 0 ? BadRequest : status;
        }

        head = headers.Head(method, target, isFirstVersion);
        return 0;
    }

    /// <summary>Takes a line off, without its end.</summary>
    static ReadOnlySpan<byte> Line(ref ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf("\r\n"u8);
        var line = end < 0 ? [] : bytes[..end];
        bytes = end < 0 ? [] : bytes[(end + 2)..];
        return line;
    }

    static int ReadRequestLine(ReadOnlySpan<byte> line, RequestHead? before, out string method, out string target, out bool isFirstVersion)
    {
        (method, target, isFirstVersion) = ("", "", false);
        var first = line.IndexOf((byte)' ');
        var last = line.LastIndexOf((byte)' ');
        if (first < 1 || last - first < 2 || !IsClean(line) || line[(first + 1)..last].IndexOf((byte)' ') >= 0 || line[..first].ContainsAnyExcept(Token))
        {
            return BadRequest;
        }

        var version = line[(last + 1)..];
        isFirstVersion = version.SequenceEqual("HTTP/1.0"u8);
        method = line[..first] is var word && word.SequenceEqual("GET"u8) ? "GET" : Text(word, before?.Method);
        target = Text(line[(first + 1)..last], before?.Target);
        return isFirstVersion || version.SequenceEqual("HTTP/1.1"u8) ? 0
            : version.StartsWith("HTTP/"u8) ? UnknownVersion
            : BadRequest;
    }

    static int ReadHeader(ReadOnlySpan<byte> line, RequestHeaders headers)
    {
        var colon = line.IndexOf((byte)':');
        return colon > 0 && IsClean(line) && !line[..colon].ContainsAnyExcept(Token)
            && headers.TryAdd(line[..colon], line[(colon + 1)..].Trim(" \t"u8))
            ? 0
            : BadRequest;
    }

    /// <summary>A carriage return or a line feed alone ends a line for some readers and not for others.</summary>
    static bool IsClean(ReadOnlySpan<byte> line) => line.IndexOfAny((byte)'\r', (byte)'\n') < 0;

    internal static string Text(ReadOnlySpan<byte> bytes, string? before)
    {
        if (before is not null && before.Length == bytes.Length && Ascii.Equals(bytes, before))
        {
            return before;
        }

        return Encoding.Latin1.GetString(bytes);
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Pm.Repositories.Serving;

namespace Pm.Repositories.StaticServing;

/// <summary>The head of an answer.</summary>
public static class ResponseHead
{
    /// <summary>No head of a file is longer, in bytes.</summary>
    public const int MaximumLength = 1024;

    /// <summary>Writes that of a file; how many bytes it has.</summary>
    /// <param name="target">At least <see cref="MaximumLength"/> bytes.</param>
    /// <param name="answer">What is sent.</param>
    /// <param name="file">That was asked for.</param>
    /// <param name="encoded">Its sibling where that is sent.</param>
    /// <param name="isLast">Whether the connection ends after it.</param>
    /// <param name="date">Now.</param>
    public static int OfFile(Span<byte> target, in FileAnswer answer, ServedFile file, ServedFile? encoded, bool isLast, string date)
    {
        ArgumentNullException.ThrowIfNull(file);
        var sent = encoded ?? file;
        var at = Put(target, $"HTTP/1.1 {answer.Status} {Phrase(answer.Status)}\r\nDate: {date}\r\n");
        at += Put(target[at..], $"ETag: {sent.EntityTag}\r\nLast-Modified: {sent.LastModified}\r\nCache-Control: {file.CacheControl}\r\n");
        if (file.Varies)
        {
            at += Put(target[at..], $"Vary: Accept-Encoding\r\n");
        }

        if (answer.HasContent)
        {
            at += Put(target[at..], $"Accept-Ranges: bytes\r\nContent-Type: {file.ContentType}\r\nContent-Length: {answer.Count}\r\nX-Content-Type-Options: nosniff\r\n");
        }

        at += AddExceptions(target[at..], answer, sent.Length, encoded is not null, isLast);
        at += Put(target[at..], $"\r\n");
        return at;
    }

    /// <summary>Of anything else: a line of text, and its body.</summary>
    public static byte[] OfText(int status, string text, bool isHead, bool isLast, string date) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture,
        $"HTTP/1.1 {status} {Phrase(status)}\r\nDate: {date}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\n"
            + $"{(status == 405 ? "Allow: GET, HEAD\r\n" : "")}{(isLast ? "Connection: close\r\n" : "")}\r\n{(isHead ? "" : text)}"));

    static int AddExceptions(Span<byte> target, in FileAnswer answer, long length, bool isEncoded, bool isLast)
    {
        var at = 0;
        switch (answer.Status)
        {
            case 206:
                at += Put(target[at..], $"Content-Range: bytes {answer.Offset}-{answer.Offset + answer.Count - 1}/{length}\r\n");
                break;
            case 412:
                at += Put(target[at..], $"Content-Length: 0\r\n");
                break;
            case 416:
                at += Put(target[at..], $"Content-Range: bytes */{length}\r\nContent-Length: 0\r\n");
                break;
        }

        if (isEncoded && answer.HasContent)
        {
            at += Put(target[at..], $"Content-Encoding: zstd\r\n");
        }

        if (isLast)
        {
            at += Put(target[at..], $"Connection: close\r\n");
        }

        return at;
    }

    static string Phrase(int status) => status switch
    {
        200 => "OK",
        206 => "Partial Content",
        304 => "Not Modified",
        400 => "Bad Request",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        412 => "Precondition Failed",
        416 => "Range Not Satisfiable",
        431 => "Request Header Fields Too Large",
        505 => "HTTP Version Not Supported",
        _ => "Unknown",
    };

    static int Put(Span<byte> target, [InterpolatedStringHandlerArgument(nameof(target))] ref Utf8.TryWriteInterpolatedStringHandler text) =>
        Utf8.TryWrite(target, ref text, out var written) ? written : throw new UnreachableException();
}

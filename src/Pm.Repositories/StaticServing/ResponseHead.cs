using System.Globalization;
using System.Text;
using Pm.Repositories.Serving;

namespace Pm.Repositories.StaticServing;

/// <summary>The head of an answer.</summary>
static class ResponseHead
{
    /// <summary>Of a file.</summary>
    public static byte[] OfFile(in FileAnswer answer, ServedFile file, ServedFile? encoded, bool isLast, DateTimeOffset now)
    {
        var sent = encoded ?? file;
        var text = Begin(answer.Status, isLast, now)
            .Append($"ETag: {sent.EntityTag}\r\nLast-Modified: {sent.LastModified}\r\nCache-Control: {file.CacheControl}\r\n")
            .Append(file.Varies ? "Vary: Accept-Encoding\r\n" : "");
        switch (answer.Status)
        {
            case 416:
                text.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes */{sent.Length}\r\n");
                break;
            case 206:
                text.Append(CultureInfo.InvariantCulture, $"Content-Range: bytes {answer.Offset}-{answer.Offset + answer.Count - 1}/{sent.Length}\r\n");
                break;
        }

        if (answer.HasContent)
        {
            text.Append(CultureInfo.InvariantCulture,
                $"Accept-Ranges: bytes\r\nContent-Type: {file.ContentType}\r\nContent-Length: {answer.Count}\r\nX-Content-Type-Options: nosniff\r\n");
            text.Append(encoded is null ? "" : "Content-Encoding: zstd\r\n");
        }
        else if (answer.Status != 304)
        {
            text.Append("Content-Length: 0\r\n");
        }

        return Ended(text);
    }

    /// <summary>Of anything else: a line of text.</summary>
    public static byte[] OfText(int status, string text, bool isHead, bool isLast, DateTimeOffset now)
    {
        var answer = Begin(status, isLast, now)
            .Append(CultureInfo.InvariantCulture, $"Content-Type: text/plain; charset=utf-8\r\nContent-Length: {Encoding.UTF8.GetByteCount(text)}\r\n")
            .Append(status == 405 ? "Allow: GET, HEAD\r\n" : "");
        return [.. Ended(answer), .. isHead ? [] : Encoding.UTF8.GetBytes(text)];
    }

    static StringBuilder Begin(int status, bool isLast, DateTimeOffset now) => new StringBuilder()
        .Append(CultureInfo.InvariantCulture, $"HTTP/1.1 {status} {Phrase(status)}\r\nDate: {HttpDate.Format(now)}\r\n")
        .Append(isLast ? "Connection: close\r\n" : "");

    static byte[] Ended(StringBuilder text) => Encoding.Latin1.GetBytes(text.Append("\r\n").ToString());

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
}

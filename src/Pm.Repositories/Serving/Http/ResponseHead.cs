using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;

namespace Pm.Repositories.Serving.Http;

/// <summary>The head of an answer, as bytes.</summary>
public static class ResponseHead
{
    /// <summary>No head of a file is longer, in bytes.</summary>
    public const int MaximumLength = 1024;

    /// <summary>Writes that of a file; how many bytes it has.</summary>
    /// <param name="target">At least <see cref="MaximumLength"/> bytes.</param>
    /// <param name="answer">What is sent.</param>
    /// <param name="choice">Of which file.</param>
    /// <param name="isLast">Whether the connection ends after it.</param>
    /// <param name="date">Now.</param>
    public static int OfFile(Span<byte> target, in FileAnswer answer, in FileChoice choice, bool isLast, string date)
    {
        var head = new HeadBytes(target);
        head.Begin(answer.Status, date);
        FileHead.Write(ref head, answer, choice);
        return head.End(isLast);
    }

    /// <summary>Of anything else, and its body; to who asks for the head alone, only what it would say.</summary>
    public static byte[] OfText(PlainAnswer answer, bool isHead, bool isLast, string date)
    {
        ArgumentNullException.ThrowIfNull(answer);
        var (status, text) = answer;
        var further = answer.Headers.IsEmpty ? "" : string.Concat(answer.Headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        return Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {status} {Phrase(status)}\r\nDate: {date}\r\nContent-Type: {PlainAnswer.ContentType}\r\nContent-Length: {text.Length}\r\n"
                + $"{further}{(isLast ? "Connection: close\r\n" : "")}\r\n{(isHead ? "" : text)}"));
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
        503 => "Service Unavailable",
        505 => "HTTP Version Not Supported",
        _ => "Unknown",
    };

    /// <summary>Lines of a head, one after the other.</summary>
    ref struct HeadBytes(Span<byte> target) : IFileHead
    {
        Span<byte> _rest = target;
        int _length;

        public void Begin(int status, string date) => Put(_rest, $"HTTP/1.1 {status} {Phrase(status)}\r\nDate: {date}\r\n");

        public void Add(string name, string value) => Put(_rest, $"{name}: {value}\r\n");

        public void AddLength(long count) => Put(_rest, $"Content-Length: {count}\r\n");

        public void AddRange((long First, long Last)? range, long length)
        {
            if (range is var (first, last))
            {
                Put(_rest, $"Content-Range: bytes {first}-{last}/{length}\r\n");
            }
            else
            {
                Put(_rest, $"Content-Range: bytes */{length}\r\n");
            }
        }

        /// <summary>How many bytes it has now.</summary>
        public int End(bool isLast)
        {
            Put(_rest, $"{(isLast ? "Connection: close\r\n" : "")}\r\n");
            return _length;
        }

        void Put(Span<byte> rest, [InterpolatedStringHandlerArgument(nameof(rest))] ref Utf8.TryWriteInterpolatedStringHandler text)
        {
            if (!Utf8.TryWrite(rest, ref text, out var written))
            {
                throw new UnreachableException();
            }

            _rest = rest[written..];
            _length += written;
        }
    }
}

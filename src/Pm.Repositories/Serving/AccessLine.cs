using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;

namespace Pm.Repositories.Serving;

/// <summary>
/// One line a request, in the combined format that every reader of such logs knows, and how many seconds it took:
/// <c>ADDRESS - USER [TIME] "METHOD TARGET PROTOCOL" STATUS BYTES "REFERER" "USER AGENT" SECONDS</c>.
/// </summary>
public static class AccessLine
{
    const int MaximumText = 512;

    static readonly SearchValues<char> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5f).Select(c => (char)c).Where(c => c is not ('"' or '\\'))]);

    public static void Write(IBufferWriter<byte> target, in RequestRecord record)
    {
        var line = new Utf8Line(target);
        if (record.Client is { } client)
        {
            line.Address(client);
        }
        else
        {
            line.Text("unix");
        }

        line.Text(" - ");
        Quoted(ref line, record.User ?? "-");
        line.Text(" [");
        line.Text(record.End.ToString("dd/MMM/yyyy:HH:mm:ss +0000", CultureInfo.InvariantCulture));
        line.Text("] \"");
        Quoted(ref line, record.Method);
        line.Text(" ");
        Quoted(ref line, record.Target);
        line.Text(" ");
        Quoted(ref line, record.Protocol);
        line.Text("\" ");
        line.Number(record.Status);
        line.Text(" ");
        line.Number(record.Bytes);
        line.Text(" \"");
        Quoted(ref line, record.Referer ?? "-");
        line.Text("\" \"");
        Quoted(ref line, record.Agent ?? "-");
        line.Text("\" ");
        line.Seconds(record.Duration);
        line.Text("\n");
    }

    /// <summary>What could end the text, or steer a terminal, as <c>\xHH</c>; not endless.</summary>
    static void Quoted(ref Utf8Line line, string text)
    {
        Span<byte> bytes = stackalloc byte[4];
        var shown = text.AsSpan(0, Math.Min(text.Length, MaximumText));
        for (var odd = shown.IndexOfAnyExcept(Plain); odd >= 0; odd = shown.IndexOfAnyExcept(Plain))
        {
            line.Text(shown[..odd]);
            _ = Rune.DecodeFromUtf16(shown[odd..], out var rune, out var consumed);
            foreach (var one in bytes[..rune.EncodeToUtf8(bytes)])
            {
                line.Hex(one);
            }

            shown = shown[(odd + consumed)..];
        }

        line.Text(shown);
    }

    /// <summary>Appends to a buffer.</summary>
    ref struct Utf8Line(IBufferWriter<byte> target)
    {
        public readonly void Text(ReadOnlySpan<char> text) => target.Advance(Encoding.UTF8.GetBytes(text, target.GetSpan(Encoding.UTF8.GetMaxByteCount(text.Length))));

        public readonly void Hex(byte value)
        {
            Text("\\x");
            Format(value, "x2");
        }

        public readonly void Number(long value) => Format(value, default);

        public readonly void Seconds(TimeSpan time) => Format(time.TotalSeconds, "F6");

        public readonly void Address(IPAddress address) => Format(address, default);

        readonly void Format<T>(T value, ReadOnlySpan<char> format) where T : IUtf8SpanFormattable
        {
            var room = target.GetSpan(64);
            _ = value.TryFormat(room, out var written, format, CultureInfo.InvariantCulture);
            target.Advance(written);
        }
    }
}

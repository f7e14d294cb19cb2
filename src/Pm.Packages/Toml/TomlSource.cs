using System.Text;
using System.Text.Unicode;

namespace Pm.Packages.Toml;

/// <summary>The bytes of a document and its name; makes messages that show the place.</summary>
sealed class TomlSource
{
    const int LongestExcerpt = 100;
    const int ShownBefore = 60;

    TomlSource(ReadOnlyMemory<byte> bytes, string file) => (Bytes, File) = (bytes, file);

    public ReadOnlyMemory<byte> Bytes { get; }

    public string File { get; }

    /// <summary>Where the text begins: behind a byte order mark.</summary>
    public int Start => Bytes.Span.StartsWith("\uFEFF"u8) ? 3 : 0;

    /// <exception cref="PackageFormatException">PM2101, PM2102: not UTF-8, or too long.</exception>
    public static TomlSource Of(ReadOnlyMemory<byte> bytes, string file, TomlLimits limits)
    {
        if (bytes.Length > limits.Size)
        {
            throw new PackageFormatException("PM2102", $"it has {bytes.Length} bytes, at most {limits.Size} are read", file);
        }

        var source = new TomlSource(bytes, file);
        return Utf8.IsValid(bytes.Span) ? source : throw source.Fault("PM2101", "these bytes are not UTF-8", source.FirstInvalid());
    }

    public TextPosition PositionOf(int offset)
    {
        var before = Bytes.Span[Start..Math.Max(offset, Start)];
        var line = before[(before.LastIndexOf((byte)'\n') + 1)..];
        return new TextPosition(before.Count((byte)'\n') + 1, CodePoints(line) + 1);
    }

    public PackageFormatException Fault(string code, string message, int offset, string? hint = null) =>
        new(code, message + Excerpt(offset), $"{File}:{PositionOf(offset)}", hint);

    /// <summary>The line of a place and a caret below it; of a long line, the part around it.</summary>
    string Excerpt(int offset)
    {
        var text = Bytes.Span[Start..];
        offset = Math.Max(offset - Start, 0);
        var lineStart = text[..offset].LastIndexOf((byte)'\n') + 1;
        var length = text[lineStart..].IndexOf((byte)'\n');
        var line = length < 0 ? text[lineStart..] : text.Slice(lineStart, length);
        // A few bytes more than are shown, as no code point has more than four.
        var from = Math.Max(lineStart, offset - (4 * ShownBefore));
        var before = Shown(text[from..offset]);
        var after = Shown(line[Math.Min(offset - lineStart, line.Length)..Math.Min(line.Length, offset - lineStart + (4 * LongestExcerpt))]);
        var isCutBefore = from > lineStart || before.Count > ShownBefore;
        var start = isCutBefore ? before[^Math.Min(before.Count, ShownBefore)..] : before;
        var room = LongestExcerpt - start.Count;
        var shown = string.Concat([.. start, .. after.Take(room)]).TrimEnd();
        var isCutAfter = after.Count > room;
        return line.Trim(" \t\r"u8).IsEmpty
            ? ""
            : $"\n  {(isCutBefore ? "…" : "")}{shown}{(isCutAfter ? "…" : "")}\n  {new string(' ', start.Count + (isCutBefore ? 1 : 0))}^";
    }

    /// <summary>One text for each code point, so that the caret stays under its column; what must not be shown is a space.</summary>
    static List<string> Shown(ReadOnlySpan<byte> utf8)
    {
        var shown = new List<string>();
        while (!utf8.IsEmpty)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var length);
            shown.Add(Packages.Shown.IsUnsafe(rune) ? " " : rune.ToString());
            utf8 = utf8[length..];
        }

        return shown;
    }

    static int CodePoints(ReadOnlySpan<byte> utf8)
    {
        // Each has one byte that is none of those that go on with another (10xxxxxx).
        var count = 0;
        foreach (var b in utf8)
        {
            count += (b & 0xc0) == 0x80 ? 0 : 1;
        }

        return count;
    }

    int FirstInvalid()
    {
        // What comes before the last line that is whole needs no look at each character.
        var bytes = Bytes.Span;
        var at = 0;
        while (bytes[at..].IndexOf((byte)'\n') is var end and >= 0 && Utf8.IsValid(bytes.Slice(at, end)))
        {
            at += end + 1;
        }

        while (Rune.DecodeFromUtf8(bytes[at..], out _, out var length) is System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}

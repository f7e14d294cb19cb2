using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Pm.Packages;

/// <summary>File names as text without loss: a Unix name is bytes, and not always UTF-8.</summary>
/// <remarks>
/// A byte that is not part of valid UTF-8 becomes the lone surrogate U+DC80..U+DCFF and turns back into that byte
/// (the way of PEP 383). Valid UTF-8 never contains surrogates, so no two names share one text.
/// </remarks>
public static class PathText
{
    const char EscapeBase = '\uDC00';

    public static string Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : DecodeEscaped(bytes);

    public static byte[] Encode(string text)
    {
        var bytes = new byte[ByteCount(text)];
        Encode(text, bytes);
        return bytes;
    }

    /// <summary>Length of <paramref name="text"/> in the bytes that the kernel sees.</summary>
    public static int ByteCount(string text)
    {
        var count = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            count += rune.Utf8SequenceLength;
        }

        // An escaped byte was counted as U+FFFD, which takes three bytes.
        return count - (2 * CountEscapes(text));
    }

    /// <summary>True when the name was valid UTF-8, so that any tool shows it alike.</summary>
    public static bool IsUtf8(string text) => CountEscapes(text) == 0;

    /// <summary>Fit for a terminal: control characters and bytes that are not UTF-8 as <c>\xNN</c>.</summary>
    public static string Show(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')
            && IsUtf8(text) && !text.Any(IsDirectionMark))
        {
            return text;
        }

        var shown = new StringBuilder(text.Length + 16);
        foreach (var c in text)
        {
            if (IsEscape(c) || char.IsControl(c))
            {
                shown.Append($"\\x{(byte)c:x2}");
            }
            else if (IsDirectionMark(c))
            {
                shown.Append($"\\u{(int)c:x4}");
            }
            else
            {
                shown.Append(c);
            }
        }

        return shown.ToString();
    }

    // Bidirectional controls make "exe.txt" look like another name on a terminal.
    static bool IsDirectionMark(char c) => c is (>= '\u202a' and <= '\u202e') or (>= '\u2066' and <= '\u2069');

    static void Encode(string text, Span<byte> bytes)
    {
        var at = 0;
        for (var i = 0; i < text.Length;)
        {
            if (IsEscape(text[i]) && (i == 0 || !char.IsHighSurrogate(text[i - 1])))
            {
                bytes[at++] = (byte)(text[i++] - EscapeBase);
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out var rune, out var consumed);
            at += rune.EncodeToUtf8(bytes[at..]);
            i += consumed;
        }
    }

    static string DecodeEscaped(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out var rune, out var consumed) == OperationStatus.Done)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
                bytes = bytes[consumed..];
            }
            else
            {
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }

    static int CountEscapes(string text)
    {
        var count = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsEscape(text[i]) && (i == 0 || !char.IsHighSurrogate(text[i - 1])))
            {
                count++;
            }
        }

        return count;
    }

    static bool IsEscape(char c) => c is >= '\uDC80' and <= '\uDCFF';
}

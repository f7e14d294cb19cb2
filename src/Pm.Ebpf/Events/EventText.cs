using System.Buffers;
using System.Text;

namespace Pm.Ebpf.Events;

/// <summary>Writes text of programs that are watched, which may be anything: what could steer a terminal, or read as something else, never comes out as it is.</summary>
static class EventText
{
    static readonly SearchValues<byte> Plain = SearchValues.Create([.. Enumerable.Range(0x20, 0x5f).Select(c => (byte)c).Except("\"\\"u8.ToArray())]);

    static readonly SearchValues<byte> Word = SearchValues.Create([.. Enumerable.Range(0x21, 0x5e).Select(c => (byte)c).Except("\"\\="u8.ToArray())]);

    /// <summary>In quotes, as JSON has it.</summary>
    /// <param name="text">In UTF-8, as far as it is.</param>
    /// <param name="into">Where it is written.</param>
    /// <param name="isSeveral">A NUL ends one string and begins the next: it is written as a blank.</param>
    public static void Quoted(ReadOnlySpan<byte> text, EventBuffer into, bool isSeveral = false)
    {
        into.Append((byte)'"');
        Escaped(text, into, quotes: true, isSeveral);
        into.Append((byte)'"');
    }

    /// <summary>For a line of <c>name=value</c>: in quotes where it is not one word.</summary>
    public static void OneWord(ReadOnlySpan<byte> text, EventBuffer into, bool isSeveral)
    {
        if (!text.IsEmpty && text.IndexOfAnyExcept(Word) < 0)
        {
            into.Append(text);
        }
        else
        {
            Quoted(text, into, isSeveral);
        }
    }

    /// <summary>For a column: only what must not come out as it is looks different.</summary>
    public static void Bare(ReadOnlySpan<byte> text, EventBuffer into, bool isSeveral = false) => Escaped(text, into, quotes: false, isSeveral);

    /// <summary>What an object says of itself, for a line: only what must not come out as it is looks different.</summary>
    public static string Bare(string text)
    {
        var buffer = new EventBuffer();
        Bare(Encoding.UTF8.GetBytes(text), buffer);
        return Encoding.UTF8.GetString(buffer.Written);
    }

    static void Escaped(ReadOnlySpan<byte> text, EventBuffer into, bool quotes, bool isSeveral)
    {
        while (!text.IsEmpty)
        {
            var plain = text.IndexOfAnyExcept(Plain);
            if (plain != 0)
            {
                into.Append(plain < 0 ? text : text[..plain]);
                if (plain < 0)
                {
                    return;
                }

                text = text[plain..];
            }

            if (isSeveral && text[0] == 0)
            {
                into.Append((byte)' ');
                text = text[1..];
                continue;
            }

            // What is no UTF-8 comes out as U+FFFD.
            var isWhole = Rune.DecodeFromUtf8(text, out var rune, out var length) is OperationStatus.Done;
            One(rune, isWhole ? text[..length] : "\ufffd"u8, into, quotes);
            text = text[length..];
        }
    }

    static void One(Rune rune, ReadOnlySpan<byte> bytes, EventBuffer into, bool quotes)
    {
        if (rune.Value is '"' or '\\')
        {
            if (quotes)
            {
                into.Append((byte)'\\');
            }

            into.Append(bytes);
        }
        else if (IsSteering(rune.Value))
        {
            into.Append("\\u"u8);
            into.Append(rune.Value, "x4");
        }
        else
        {
            into.Append(bytes);
        }
    }

    /// <summary>Control characters, ends of lines, and the direction controls of UAX 9.</summary>
    static bool IsSteering(int c) => c is < 0x20 or (>= 0x7f and <= 0x9f) or 0x2028 or 0x2029 or (>= 0x202a and <= 0x202e) or (>= 0x2066 and <= 0x2069);
}

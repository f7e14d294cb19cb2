using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace Pm.Linux;

/// <summary>
/// The mapping between the kernel's file names, which are bytes, and strings. Valid UTF-8 is itself; a byte that is no
/// part of valid UTF-8 becomes the lone surrogate U+DC80…U+DCFF (U+DC00 plus the byte), and back. So every name read from
/// disk is kept without loss and no two names become one. Source: PEP 383 (“surrogateescape”).
/// </summary>
public static class FileName
{
    /// <summary>The longest name a Linux file system takes, in bytes. Source: NAME_MAX, linux/limits.h.</summary>
    public const int MaximumBytes = 255;

    internal const int BufferSize = MaximumBytes + 1;
    const int EscapeBase = 0xDC00;

    /// <summary>The string for a name or path as the kernel gave it, without its NUL.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        Utf8.IsValid(bytes) ? Encoding.UTF8.GetString(bytes) : DecodeEscaping(bytes);

    /// <summary>The kernel's bytes of a name or path, with the NUL at their end.</summary>
    /// <exception cref="ArgumentException">A NUL, or a surrogate that <see cref="Decode"/> never makes.</exception>
    public static byte[] Terminated(string text) => Terminate(text, []).ToArray();

    /// <summary><paramref name="path"/> in <paramref name="buffer"/> when it fits, else in an array of its own.</summary>
    internal static ReadOnlySpan<byte> Terminate(string path, Span<byte> buffer)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (path.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("a file name holds a NUL", nameof(path));
        }
        if (buffer.Length > path.Length
            && Utf8.FromUtf16(path, buffer[..^1], out _, out var written, replaceInvalidSequences: false)
                is OperationStatus.Done)
        {
            buffer[written] = 0;
            return buffer[..(written + 1)];
        }
        return EncodeEscaping(path);
    }

    /// <summary>As <see cref="Terminate"/> for one name within a directory.</summary>
    internal static ReadOnlySpan<byte> TerminateName(string name, Span<byte> buffer)
    {
        var bytes = Terminate(name, buffer);
        Check(bytes);
        return bytes;
    }

    /// <summary>Refuses what is no single name within a directory: <c>""</c>, <c>.</c>, <c>..</c>, a slash, a NUL inside.</summary>
    internal static void Check(ReadOnlySpan<byte> terminated)
    {
        if (terminated.IndexOfAny((byte)0, (byte)'/') != terminated.Length - 1
            || terminated.Length < 2
            || terminated[^1] != 0
            || terminated.SequenceEqual(".\0"u8)
            || terminated.SequenceEqual("..\0"u8))
        {
            throw new ArgumentException($"`{Shown(terminated)}` is not the name of a file within a directory");
        }
    }

    internal static string Shown(ReadOnlySpan<byte> terminated) =>
        Decode(terminated.IsEmpty || terminated[^1] != 0 ? terminated : terminated[..^1]);

    static string DecodeEscaping(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        while (!bytes.IsEmpty)
        {
            var status = Rune.DecodeFromUtf8(bytes, out var rune, out var consumed);
            if (status is OperationStatus.Done)
            {
                text.Append(rune.ToString());
            }
            else
            {
                foreach (var odd in bytes[..consumed])
                {
                    text.Append((char)(EscapeBase + odd));
                }
            }
            bytes = bytes[consumed..];
        }
        return text.ToString();
    }

    static ReadOnlySpan<byte> EncodeEscaping(string text)
    {
        var bytes = new byte[(text.Length * 3) + 1];
        var length = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (Rune.TryGetRuneAt(text, i, out var rune))
            {
                length += rune.EncodeToUtf8(bytes.AsSpan(length));
                i += rune.Utf16SequenceLength - 1;
            }
            else if (text[i] is >= '\uDC80' and <= '\uDCFF')
            {
                bytes[length++] = (byte)(text[i] - EscapeBase);
            }
            else
            {
                throw new ArgumentException($"a file name holds the lone surrogate U+{(int)text[i]:X4}", nameof(text));
            }
        }
        return bytes.AsSpan(0, length + 1);
    }
}

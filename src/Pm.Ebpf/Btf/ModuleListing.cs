using System.Buffers.Text;
using System.Text;

namespace Pm.Ebpf.Btf;

/// <summary>The types of a kernel's modules one after the other, each behind a line <c>BYTES NAME</c>: what <c>wc -c</c> and <c>cat</c> make of <c>/sys/kernel/btf</c>.</summary>
public static class ModuleListing
{
    /// <summary>Source: MODULE_NAME_LEN of Linux.</summary>
    const int LongestName = 64;

    /// <exception cref="EbpfFormatException">PM8021: it is none.</exception>
    public static IEnumerable<ModuleBytes> Read(ReadOnlyMemory<byte> bytes, string where)
    {
        while (!bytes.IsEmpty)
        {
            var (length, name, head) = Head(bytes.Span, where);
            yield return new ModuleBytes(name, bytes.Slice(head, length));
            bytes = bytes[(head + length)..];
        }
    }

    static (int Length, string Name, int Head) Head(ReadOnlySpan<byte> bytes, string where)
    {
        var end = bytes.IndexOf((byte)'\n');
        var line = end < 0 ? default : bytes[..end].TrimStart((byte)' ');
        if (!Utf8Parser.TryParse(line, out int length, out var read) || length < 0 || length > bytes.Length - end - 1 || line[read..] is not [(byte)' ', .. var name] || name.Length is 0 or > LongestName || !IsPlain(name))
        {
            throw new EbpfFormatException("PM8021", "expected the types of modules, each behind a line that says how many bytes they have, and of which module", where);
        }

        return (length, Encoding.UTF8.GetString(name), end + 1);
    }

    static bool IsPlain(ReadOnlySpan<byte> name)
    {
        foreach (var letter in name)
        {
            if (!char.IsAsciiLetterOrDigit((char)letter) && letter is not ((byte)'_' or (byte)'-'))
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers.Text;
using System.Globalization;
using System.IO.Enumeration;
using System.Text;

namespace Pm.Ebpf.Symbols;

/// <summary>The names of the kernel's functions, by their addresses. Source: <c>/proc/kallsyms</c>.</summary>
public sealed class KernelSymbols
{
    public const string Path = "/proc/kallsyms";

    /// <summary>A kernel has some 200,000.</summary>
    const int MostSymbols = 4_000_000;

    /// <summary>Further from a name than this nothing belongs to it.</summary>
    const ulong LongestFunction = 1 << 20;

    readonly ulong[] _addresses;
    readonly string[] _names;

    KernelSymbols(ulong[] addresses, string[] names) => (_addresses, _names) = (addresses, names);

    /// <summary>None where the kernel hides them.</summary>
    public int Count => _addresses.Length;

    /// <summary>What the kernel says of its names; null where that may not be read.</summary>
    internal static byte[]? TryRead()
    {
        try
        {
            return File.ReadAllBytes(Path) is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether a line names this function, the kernel's or a module's; addresses may be hidden.</summary>
    internal static bool HasFunction(ReadOnlySpan<byte> text, string name)
    {
        var wanted = Encoding.UTF8.GetBytes(name);
        for (int at; wanted.Length > 0 && (at = text.IndexOf(wanted)) >= 0; text = text[(at + wanted.Length)..])
        {
            var after = text[(at + wanted.Length)..];
            if (text[..at] is [.., (byte)' ', (byte)'t' or (byte)'T' or (byte)'w' or (byte)'W', (byte)' '] && after is [] or [(byte)'\n' or (byte)'\t', ..])
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a line names a function like this: <c>*</c> stands for any characters, <c>?</c> for one, as libbpf has it.</summary>
    internal static bool HasFunctionLike(ReadOnlySpan<byte> text, string pattern)
    {
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var blank = line.IndexOf((byte)' ');
            if (blank > 0 && line.Length > blank + 3 && line[blank + 1] is (byte)'t' or (byte)'T' or (byte)'w' or (byte)'W'
                && FileSystemName.MatchesSimpleExpression(pattern, Encoding.UTF8.GetString(line[(blank + 3)..]).Split('\t')[0], ignoreCase: false))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Those of this machine; none where they may not be read.</summary>
    public static KernelSymbols OfMachine()
    {
        var text = TryRead();
        return text is null ? new KernelSymbols([], []) : Parse(text);
    }

    /// <summary>Lines of an address, a letter, a name, and perhaps a module. What is no such line is left out, as are addresses that are hidden.</summary>
    public static KernelSymbols Parse(ReadOnlySpan<byte> text)
    {
        var addresses = new List<ulong>();
        var names = new List<string>();
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var blank = line.IndexOf((byte)' ');
            if (blank is < 1 or > 16 || line.Length < blank + 4 || !Utf8Parser.TryParse(line[..blank], out ulong address, out var read, 'x') || read != blank
                || address == 0 || line[blank + 1] is not ((byte)'t' or (byte)'T' or (byte)'w' or (byte)'W') || addresses.Count == MostSymbols)
            {
                continue;
            }

            addresses.Add(address);
            names.Add(Encoding.UTF8.GetString(line[(blank + 3)..]).Replace('\t', ' '));
        }

        var (sorted, ordered) = (addresses.ToArray(), names.ToArray());
        Array.Sort(sorted, ordered);
        return new KernelSymbols(sorted, ordered);
    }

    /// <summary><c>name+0x12</c>; the address alone where no name is near.</summary>
    public string NameOf(ulong address)
    {
        var at = Array.BinarySearch(_addresses, address);
        at = at >= 0 ? at : ~at - 1;
        return at < 0 || address - _addresses[at] > LongestFunction
            ? "0x" + address.ToString("x", CultureInfo.InvariantCulture)
            : $"{_names[at]}+0x{(address - _addresses[at]).ToString("x", CultureInfo.InvariantCulture)}";
    }
}

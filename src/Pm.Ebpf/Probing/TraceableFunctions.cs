using System.Buffers.Text;
using System.IO.Enumeration;
using System.Text;

namespace Pm.Ebpf.Probing;

/// <summary>
/// The functions of the kernel and its modules that can be traced many at once. Of a pattern all have to be: libbpf before 1.2 takes every symbol, and is refused for one that may not be traced.
/// Source: available_filter_functions_addrs (Linux 6.5) and available_filter_functions of tracefs, proc_kallsyms(5).
/// </summary>
/// <param name="withAddresses">Lines of an address, a name, and perhaps a module; null where the kernel has none.</param>
/// <param name="names">Lines of a name, and perhaps a module; null where the kernel has none.</param>
/// <param name="symbols">Lines of an address, a letter, a name, and perhaps a module; null where they may not be read.</param>
sealed class TraceableFunctions(byte[]? withAddresses, byte[]? names, byte[]? symbols)
{
    /// <summary>Source: MAX_KPROBE_MULTI_CNT of Linux.</summary>
    const int Most = 1 << 20;

    /// <param name="tracefs">Where it is to be read.</param>
    /// <param name="symbols">What the kernel says of its names.</param>
    public static TraceableFunctions Read(string tracefs, Func<byte[]?> symbols) => TryRead(Path.Join(tracefs, "available_filter_functions_addrs")) is { } addresses
        ? new TraceableFunctions(addresses, null, null) : new TraceableFunctions(null, TryRead(Path.Join(tracefs, "available_filter_functions")), symbols());

    /// <summary>Where those with such a name are (<c>*</c> stands for any characters, <c>?</c> for one); none where there are none; null where the kernel does not say which may be traced, or where they are.</summary>
    public ulong[]? Like(string pattern)
    {
        if (withAddresses is not null)
        {
            return [.. Named(withAddresses, pattern, 0).Select(f => f.Address).Where(a => a != 0).Distinct().Order().Take(Most)];
        }

        if (names is null || symbols is null)
        {
            return null;
        }

        // Of several functions of one name, only some of which may be traced, nobody says which.
        var count = Counted(names, pattern);
        return [.. Named(symbols, pattern, 2).GroupBy(f => f.Name, f => f.Address).Where(g => count.TryGetValue(g.Key, out var known) && known == g.Count() && !g.Contains(0UL))
            .SelectMany(g => g).Distinct().Order().Take(Most)];
    }

    /// <summary>Whether there are any; null where that is not known.</summary>
    public bool? HasLike(string pattern) => withAddresses is not null ? Named(withAddresses, pattern, 0).Count > 0 : names is null ? null : Counted(names, pattern).Count > 0;

    static Dictionary<string, int> Counted(byte[] names, string pattern)
    {
        var count = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var range in names.AsSpan().Split((byte)'\n'))
        {
            if (NameIn(names.AsSpan(range), pattern) is { } name)
            {
                count[name] = count.GetValueOrDefault(name) + 1;
            }
        }

        return count;
    }

    /// <param name="text">The lines.</param>
    /// <param name="pattern">What names are to be like.</param>
    /// <param name="between">Bytes between the blank behind the address and the name.</param>
    static List<(string Name, ulong Address)> Named(byte[] text, string pattern, int between)
    {
        var found = new List<(string, ulong)>();
        foreach (var range in text.AsSpan().Split((byte)'\n'))
        {
            var line = text.AsSpan(range);
            var name = line.IndexOf((byte)' ') + 1 + between;
            if (name > between + 1 && name < line.Length && NameIn(line[name..], pattern) is { } known && Utf8Parser.TryParse(line, out ulong address, out _, 'x'))
            {
                found.Add((known, address));
            }
        }

        return found;
    }

    /// <summary>What the line begins with, if it is like that.</summary>
    static string? NameIn(ReadOnlySpan<byte> line, string pattern)
    {
        var end = line.IndexOfAny((byte)' ', (byte)'\t');
        var plain = pattern.AsSpan().IndexOfAny('*', '?', '\\');
        plain = plain < 0 ? pattern.Length : plain;
        for (var i = 0; i < plain; i++)
        {
            // Most lines are seen to be others at their first letters.
            if (i >= line.Length || line[i] != pattern[i])
            {
                return null;
            }
        }

        var name = Encoding.UTF8.GetString(end < 0 ? line : line[..end]);
        return name.Length > 0 && FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false) ? name : null;
    }

    static byte[]? TryRead(string path)
    {
        try
        {
            return File.Exists(path) && File.ReadAllBytes(path) is { Length: > 0 } text ? text : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}

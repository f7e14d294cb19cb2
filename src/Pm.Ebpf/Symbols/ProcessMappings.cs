using System.Globalization;

namespace Pm.Ebpf.Symbols;

/// <summary>Which file a process has where in its memory. Source: proc_pid_maps(5).</summary>
public sealed class ProcessMappings
{
    const int MostMappings = 65_536;

    readonly List<ProcessMapping> _mappings = [];

    ProcessMappings()
    {
    }

    /// <summary>Those of a process; none where it is gone, or is another's.</summary>
    public static ProcessMappings Of(int pid)
    {
        try
        {
            return Parse(File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new ProcessMappings();
        }
    }

    /// <summary>What is no such line is left out.</summary>
    public static ProcessMappings Parse(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        var result = new ProcessMappings();
        foreach (var line in lines.Take(MostMappings))
        {
            var words = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
            var range = words.Length < 5 ? [] : words[0].Split('-');
            if (range.Length == 2 && Hex(range[0]) is { } start && Hex(range[1]) is { } end && Hex(words[2]) is { } offset && start < end)
            {
                result._mappings.Add(new ProcessMapping(start, end, offset, words.Length > 5 ? words[5].Trim() : "[anonymous]")
                {
                    Device = DeviceOf(words[3]),
                    Inode = ulong.TryParse(words[4], NumberStyles.None, CultureInfo.InvariantCulture, out var inode) ? inode : 0,
                });
            }
        }

        return result;
    }

    /// <summary><c>libc.so.6+0x12</c>, counted from the begin of the file; null where nothing is mapped there.</summary>
    public string? NameOf(ulong address) => Find(address)?.NameOf(address);

    /// <summary>What is mapped there; null where nothing is.</summary>
    internal ProcessMapping? Find(ulong address) => _mappings.Find(m => address >= m.Start && address < m.End);

    /// <summary>In hexadecimal digits here, and in decimal ones where mounts are listed.</summary>
    static string DeviceOf(string text) => text.Split(':') is [var major, var minor] && Hex(major) is { } first && Hex(minor) is { } second
        ? string.Create(CultureInfo.InvariantCulture, $"{first}:{second}") : "";

    static ulong? Hex(string text) => ulong.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) ? value : null;
}

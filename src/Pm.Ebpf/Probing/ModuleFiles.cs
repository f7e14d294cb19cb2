using System.Text;

namespace Pm.Ebpf.Probing;

/// <summary>Which module of the running kernel has what others may use of it, whether it is loaded or not. Source: modules.symbols, which depmod(8) writes.</summary>
static class ModuleFiles
{
    const string ReleasePath = "/proc/sys/kernel/osrelease";

    /// <summary>Of a distribution's kernel it has some 600 kB.</summary>
    const int Largest = 64 << 20;

    /// <summary>All that is written down; nothing where nobody did.</summary>
    public static byte[] Read()
    {
        try
        {
            var path = Path.Join("/lib/modules", File.ReadAllText(ReleasePath).Trim(), "modules.symbols");
            return File.Exists(path) && new FileInfo(path).Length <= Largest ? File.ReadAllBytes(path) : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The module that a function is in, which the line <c>alias symbol:FUNCTION MODULE</c> says; null where none does.</summary>
    public static string? Find(ReadOnlySpan<byte> text, string function)
    {
        var before = Encoding.UTF8.GetBytes($"alias symbol:{function} ");
        foreach (var range in text.Split((byte)'\n'))
        {
            if (text[range] is var line && line.StartsWith(before) && Encoding.UTF8.GetString(line[before.Length..]) is { Length: > 0 } module && module.All(IsPlain))
            {
                return module;
            }
        }

        return null;
    }

    static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
}

using System.Text;

namespace Pm.Ebpf.Probing;

/// <summary>Which module of the running kernel has what others may use of it, whether it is loaded or not. Source: modules.dep(5), and modules.symbols, which depmod(8) writes, too.</summary>
static class ModuleFiles
{
    /// <summary>Which module has which function.</summary>
    public const string Symbols = "modules.symbols";

    /// <summary>Which modules there are.</summary>
    public const string All = "modules.dep";

    const string ReleasePath = "/proc/sys/kernel/osrelease";

    /// <summary>Of a distribution's kernel it has some 600 kB.</summary>
    const int Largest = 64 << 20;

    /// <summary>All that is written down; nothing where nobody did.</summary>
    public static byte[] Read(string name)
    {
        try
        {
            var path = Path.Join("/lib/modules", File.ReadAllText(ReleasePath).Trim(), name);
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

    /// <summary>Whether there is a module of that name, which a line <c>PATH/MODULE.ko: …</c> says, perhaps compressed.</summary>
    public static bool Lists(ReadOnlySpan<byte> text, string module)
    {
        var name = Encoding.UTF8.GetBytes($"{module}.ko");
        foreach (var range in text.Split((byte)'\n'))
        {
            var line = text[range];
            var path = line[..Math.Max(0, line.IndexOf((byte)':'))];
            if (path[(path.LastIndexOf((byte)'/') + 1)..].StartsWith(name))
            {
                return true;
            }
        }

        return false;
    }

    static bool IsPlain(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-';
}

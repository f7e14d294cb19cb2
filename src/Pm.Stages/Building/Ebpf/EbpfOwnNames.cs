using System.Text;
using System.Text.RegularExpressions;
using Pm.Linux;

namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// Names that a source defines itself though a header has them, as the one that its author had did not: in the header they get another name then, behind three underscores, which relocations
/// take for another version of the same type.
/// </summary>
sealed partial class EbpfOwnNames
{
    /// <summary>Types, in the kernel's header.</summary>
    public static EbpfOwnNames Types { get; } = new("__PM_OWN", "own", null, TypeRedefined());

    /// <summary>Helpers, in libbpf's.</summary>
    public static EbpfOwnNames Helpers { get; } = new("__PM_HELPER", "helpers", HelpersFolder, HelperRedefined());

    /// <summary>Beside the kernel's header: libbpf's own lie in it, between the names.</summary>
    public const string HelpersFolder = "helpers";

    /// <summary>Libbpf's headers that define helpers, as they are included: some sources do it without the directory.</summary>
    public static IReadOnlyList<string> HelperHeaders { get; } = ["bpf/bpf_helpers.h", "bpf_helpers.h"];

    readonly string _macro;
    readonly string _file;
    readonly string? _folder;
    readonly Regex _redefined;

    /// <param name="macro">With it clang is told the file; and, with a name behind, what is written down of each.</param>
    /// <param name="file">What it is called behind the module's name.</param>
    /// <param name="folder">Where headers lie that stand before the real ones; null: the header is pm's.</param>
    /// <param name="redefined">What clang says.</param>
    EbpfOwnNames(string macro, string file, string? folder, Regex redefined)
    {
        _macro = macro;
        _file = file;
        _folder = folder;
        _redefined = redefined;
    }

    /// <summary>Stands before and behind what has the names: each other time it takes back what it said.</summary>
    public string Around => $"#ifdef {_macro}\n#include {_macro}\n#endif\n";

    string Flag => $"-D{_macro}_";

    /// <summary>Those that clang says are defined in the source and in the header.</summary>
    public IEnumerable<string> FlagsOf(string said) => _redefined.Matches(said).Select(m => Flag + m.Groups[1].Value).Distinct();

    /// <summary>How clang is told where the names are; nothing, where there are none.</summary>
    public IEnumerable<string> Arguments(BuildPlaces at, EbpfModule module, IEnumerable<string> flags)
    {
        var names = flags.Where(f => f.StartsWith(Flag, StringComparison.Ordinal)).Select(f => f[Flag.Length..]).ToList();
        if (names.Count == 0)
        {
            return [];
        }

        var underWay = $"{_macro}_UNDER_WAY";
        var text = new StringBuilder($"#ifndef {underWay}\n#define {underWay}\n");
        names.ForEach(name => text.Append($"#define {name} {name}___pm\n"));
        text.Append($"#else\n#undef {underWay}\n");
        names.ForEach(name => text.Append($"#undef {name}\n"));
        var path = $"{EbpfPreset.FolderOf(at)}/{module.Name}.{_file}.h";
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(text.Append("#endif\n").ToString()));
        return [$"-D{_macro}=\"{path}\"", .. _folder is null ? (string[])[] : [$"-I{EbpfPreset.FolderOf(at)}/{_folder}"]];
    }

    [GeneratedRegex(@"error: redefinition of (?:enumerator )?'(\w{1,200})'(?:(?! error: )[\s\S]){0,4000}?/bpf/vmlinux\.h:\d+:\d+: note: previous definition", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TypeRedefined();

    [GeneratedRegex(@"error: redefinition of '(\w{1,200})'(?:(?! error: )[\s\S]){0,4000}?/bpf_helper_defs\.h:\d+:\d+: note: previous definition", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex HelperRedefined();
}

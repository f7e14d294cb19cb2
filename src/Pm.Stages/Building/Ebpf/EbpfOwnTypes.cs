using System.Text;
using System.Text.RegularExpressions;
using Pm.Linux;

namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// Types that a source defines itself though the kernel's header has them, as the one that its author had did not: in the header they get another name then, behind three underscores, which relocations
/// take for another version of the same type.
/// </summary>
static partial class EbpfOwnTypes
{
    const string Header = "__PM_OWN";
    const string UnderWay = "__PM_OWN_UNDER_WAY";

    /// <summary>Stands before and behind the types in the kernel's header.</summary>
    public const string Around = $"#ifdef {Header}\n#include {Header}\n#endif\n";

    /// <summary>What is written down of each; the compiler needs no more than that there is one.</summary>
    public const string Flag = "-D__PM_OWN_";

    /// <summary>Those that clang says are defined in the source and in the kernel's header.</summary>
    public static IEnumerable<string> FlagsOf(string said) => Redefined().Matches(said).Select(m => Flag + m.Groups[1].Value).Distinct();

    /// <summary>How clang is told where the names are; nothing, where there are none.</summary>
    public static IEnumerable<string> Arguments(BuildPlaces at, EbpfModule module, IEnumerable<string> flags)
    {
        var names = flags.Where(f => f.StartsWith(Flag, StringComparison.Ordinal)).Select(f => f[Flag.Length..]).ToList();
        if (names.Count == 0)
        {
            return [];
        }

        var text = new StringBuilder($"#ifndef {UnderWay}\n#define {UnderWay}\n");
        names.ForEach(name => text.Append($"#define {name} {name}___pm\n"));
        text.Append($"#else\n#undef {UnderWay}\n");
        names.ForEach(name => text.Append($"#undef {name}\n"));
        var path = $"{EbpfPreset.FolderOf(at)}/{module.Name}.own.h";
        DurableFile.Replace(path, Encoding.UTF8.GetBytes(text.Append("#endif\n").ToString()));
        return [$"-D{Header}=\"{path}\""];
    }

    [GeneratedRegex(@"error: redefinition of (?:enumerator )?'(\w{1,200})'(?:(?! error: )[\s\S]){0,4000}?/bpf/vmlinux\.h:\d+:\d+: note: previous definition", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Redefined();
}

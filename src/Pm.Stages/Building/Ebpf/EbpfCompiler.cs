using System.Collections.Immutable;
using Pm.Trust;

namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// How clang is called for modules. Other people's sources are written for headers and compilers that differ a little: what clang says of a failure tells what is missing, and it is called again
/// with that, which is kept and written down. Source: docs/formats/build.md.
/// </summary>
sealed class EbpfCompiler
{
    const int MostWarnings = 10;

    readonly Dictionary<string, List<string>> _more = new(StringComparer.Ordinal);

    readonly Dictionary<string, List<string>> _warnings = new(StringComparer.Ordinal);

    /// <summary>Modules whose maps of the old form are known.</summary>
    readonly HashSet<string> _answered = new(StringComparer.Ordinal);

    /// <summary>With what a module had to be compiled besides the usual; directories below the source.</summary>
    public IReadOnlyList<string> FlagsOf(EbpfModule module) => [.. module.Stated.Defines.Select(d => "-D" + d), .. _more.GetValueOrDefault(module.Name, [])];

    /// <summary>What clang warned of when it compiled the module, the last time that it did.</summary>
    public IReadOnlyList<string> WarningsOf(EbpfModule module) => _warnings.GetValueOrDefault(module.Name, []);

    static List<string> Warnings(BuildPlaces at, string said)
    {
        var all = said.Split('\n').Where(l => l.Contains(": warning: ", StringComparison.Ordinal)).Select(l => ShownText.Of(EbpfRemedies.Placed(at, l.TrimEnd()))).Distinct(StringComparer.Ordinal).ToList();
        return all.Count <= MostWarnings ? all : [.. all.Take(MostWarnings), $"{all.Count - MostWarnings} more warnings of clang"];
    }

    public BuildStep Step(BuildPlaces at, EbpfModule module)
    {
        var asks = FlagsOf(module).Contains(EbpfOldMaps.Flag) && !_answered.Contains(module.Name);
        if (asks)
        {
            EbpfOldMaps.Ask(at, module);
        }

        return new BuildStep("clang", Arguments(at, module, asks ? EbpfOldMaps.ObjectPath(at, module) : $"{at.Out}/{module.ObjectPath}"))
        {
            Retry = said => Add(module, EbpfRemedies.Of(at, said)) ? Step(at, module) : null,
            Hint = said => EbpfRemedies.Hint(at, module, said),
            Said = said => _warnings[module.Name] = Warnings(at, said),
            Next = asks ? () => Answered(at, module) : () => CallsFunctions(at, module) && Add(module, [EbpfRemedies.Processor]) ? Step(at, module) : null,
        };
    }

    /// <summary>
    /// Programs that call functions of the kernel are for verifiers that follow numbers of 32 bits, and are written with compilers that take these instructions by themselves: some are refused without.
    /// Others are refused with them by Linux 6.1, and are left as their authors' makefiles compile them.
    /// </summary>
    static bool CallsFunctions(BuildPlaces at, EbpfModule module) => EbpfPreset.Parse(at, module).Externals.Any(e => e.IsFunction);

    BuildStep Answered(BuildPlaces at, EbpfModule module)
    {
        EbpfOldMaps.Answer(at, module);
        _answered.Add(module.Name);
        return Step(at, module);
    }

    ImmutableArray<string> Arguments(BuildPlaces at, EbpfModule module, string output)
    {
        // clang opens a source once more, by the name that it writes down, to keep its lines beside the code: where it stands they are found, and a verifier's refusal can show them.
        var folder = Path.GetDirectoryName(Path.Join(at.Source, module.Source))!;
        return
        [
            "-g", "-O2", "-Wall", "-Wno-unused-variable", "-target", "bpf", $"-D__TARGET_ARCH_{TargetName}", $"-ffile-prefix-map={at.Source}=.", $"-ffile-prefix-map={at.Build}=build",
            $"-I{folder}", $"-I{at.Source}", $"-I{EbpfPreset.FolderOf(at)}",
            .. FlagsOf(module).SelectMany(f => f == EbpfOldMaps.Flag ? EbpfOldMaps.Arguments(at, module)
                : [f.StartsWith(EbpfRemedies.IncludeBelow, StringComparison.Ordinal) ? EbpfRemedies.IncludeBelow + Path.Join(at.Source, f[2..]) : f]),
            .. EbpfOwnNames.Types.Arguments(at, module, FlagsOf(module)),
            .. EbpfOwnNames.Helpers.Arguments(at, module, FlagsOf(module)),
            "-include", $"{EbpfPreset.FolderOf(at)}/{EbpfCompat.Name}",
            "-idirafter", $"/usr/include/{BuildTools.Architecture}-linux-gnu", "-idirafter", "/usr/include",
            "-c", EbpfPreset.UnitOf(at, module), "-o", output,
        ];
    }

    /// <summary>As the macros of libbpf's headers call this machine.</summary>
    static string TargetName => BuildTools.Architecture switch
    {
        "x86_64" or "i686" => "x86",
        "aarch64" => "arm64",
        "armv7l" => "arm",
        "riscv64" => "riscv",
        "ppc64le" => "powerpc",
        "s390x" => "s390",
        var other => other,
    };

    /// <summary>False: all of it was there already, and did not help.</summary>
    bool Add(EbpfModule module, IReadOnlyList<string> more)
    {
        if (!_more.TryGetValue(module.Name, out var flags))
        {
            _more.Add(module.Name, flags = []);
        }

        var fresh = more.Except(flags).ToList();
        flags.AddRange(fresh);
        return fresh.Count > 0;
    }
}

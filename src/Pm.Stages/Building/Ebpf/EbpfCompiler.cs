using System.Text.RegularExpressions;
using Pm.Packages;

namespace Pm.Stages.Building.Ebpf;

/// <summary>
/// How clang is called for modules. Other people's sources are written for headers and compilers that differ a little: what clang says of a failure tells what is missing, and it is called again
/// with that, which is kept and written down. Source: docs/formats/build.md.
/// </summary>
sealed partial class EbpfCompiler
{
    const int MostFiles = 50_000;
    const string Processor = "-mcpu=v3";
    const string NoPrototypes = "-DBPF_NO_KFUNC_PROTOTYPES";
    const string IncludeBelow = "-I";

    readonly Dictionary<string, List<string>> _more = new(StringComparer.Ordinal);

    /// <summary>With what a module had to be compiled besides the usual; directories below the source.</summary>
    public IReadOnlyList<string> FlagsOf(EbpfModule module) => _more.TryGetValue(module.Name, out var flags) ? flags : [];

    public BuildStep Step(BuildPlaces at, EbpfModule module)
    {
        var folder = Path.GetDirectoryName(Path.Join(at.Source, module.Source))!;
        return new BuildStep(
            "clang",
            [
                "-g", "-O2", "-Wall", "-Wno-unused-variable", "-target", "bpf", $"-D__TARGET_ARCH_{TargetName}", $"-ffile-prefix-map={at.Work}=.",
                $"-I{folder}", $"-I{at.Source}", $"-I{EbpfPreset.FolderOf(at)}", .. FlagsOf(module).Select(f => f.StartsWith(IncludeBelow, StringComparison.Ordinal) ? IncludeBelow + Path.Join(at.Source, f[2..]) : f),
                "-include", $"{EbpfPreset.FolderOf(at)}/{EbpfPreset.CompatName}",
                "-idirafter", $"/usr/include/{BuildTools.Architecture}-linux-gnu", "-idirafter", "/usr/include",
                "-c", EbpfPreset.UnitOf(at, module), "-o", $"{at.Out}/{module.ObjectPath}",
            ])
        {
            Retry = said => Missing(at, said) is { } flag && Add(module, flag) ? Step(at, module) : null,
            Hint = said => said.Contains("'bpf/", StringComparison.Ordinal) && said.Contains("file not found", StringComparison.Ordinal) ? "libbpf's headers: `apt install libbpf-dev`" : null,
        };
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

    /// <summary>False: it was there already, and did not help.</summary>
    bool Add(EbpfModule module, string flag)
    {
        if (!_more.TryGetValue(module.Name, out var flags))
        {
            _more.Add(module.Name, flags = []);
        }

        if (flags.Contains(flag))
        {
            return false;
        }

        flags.Add(flag);
        return true;
    }

    /// <summary>What would help, by what clang said; null: nothing that is known.</summary>
    static string? Missing(BuildPlaces at, string said)
    {
        if (NotFound().Match(said) is { Success: true } match)
        {
            // The C library's headers ask what the machine is, and clang says bpf.
            return match.Groups[1].Value == "gnu/stubs-32.h" && BuildTools.Architecture == "x86_64" ? "-D__x86_64__" : FolderWith(at, match.Groups[1].Value);
        }

        if (Undefined().Match(said) is { Success: true } undefined)
        {
            return "-D" + new EbpfType("", undefined.Groups[1].Value).Without;
        }

        if (Counted().IsMatch(said))
        {
            return EbpfPreset.NotCounted;
        }

        if (said.Contains(EbpfPreset.HeaderName + ":", StringComparison.Ordinal) && Conflict().IsMatch(said) && !said.Contains(NoPrototypes, StringComparison.Ordinal))
        {
            return NoPrototypes;
        }

        // Atomic operations with a result, and a few more, came with the third set of instructions; what does without them is left as its author compiles it.
        return Backend().IsMatch(said) ? Processor : null;
    }

    /// <summary>A directory of the source from which a header is reached by the path that asks for it, as <c>-I</c>; null: there is none.</summary>
    static string? FolderWith(BuildPlaces at, string header)
    {
        if (PackagePath.Fault(header) is not null)
        {
            return null;
        }

        var found = Directory.EnumerateFiles(at.Source, Path.GetFileName(header), new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint, MatchCasing = MatchCasing.CaseSensitive })
            .Take(MostFiles)
            .Select(path => Path.GetRelativePath(at.Source, path))
            .Where(path => path.EndsWith("/" + header, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return found is null ? null : IncludeBelow + found[..^(header.Length + 1)];
    }

    [GeneratedRegex("fatal error: '([^'\n*?]{1,200})' file not found", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotFound();

    [GeneratedRegex("error: (conflicting types for '|redefinition of '|static declaration of '|redeclaration of ')", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Conflict();

    /// <summary>A condition of the preprocessor leaves out a type that the unit wants to keep.</summary>
    [GeneratedRegex(@"\.unit\.bpf\.c:\d+:\d+: error: unknown type name '(\w{1,200})'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Undefined();

    /// <summary>The source makes the helpers itself: where it says so, the macros are in its way.</summary>
    [GeneratedRegex("expanded from macro 'bpf_ringbuf_(reserve|output)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counted();

    [GeneratedRegex("error in backend|Invalid usage of the XADD|Cannot select|Unsupport", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Backend();
}

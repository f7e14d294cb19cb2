using System.Text.RegularExpressions;
using Pm.Ebpf.Headers;
using Pm.Packages;

namespace Pm.Stages.Building.Ebpf;

/// <summary>Reads out of what clang says of a failure which arguments would help. What a source needs is told by its text alone; none is known by its name.</summary>
static partial class EbpfRemedies
{
    /// <summary>Members without a name that bring in another struct's, as in a vmlinux.h of Linux 6.19 and later.</summary>
    const string BroughtIn = "-fms-extensions";


    /// <summary>The third set of instructions, Linux 5.1.</summary>
    public const string Processor = "-mcpu=v3";

    /// <summary>Before a directory of the source.</summary>
    public const string IncludeBelow = "-I";

    /// <summary>Where libbpf's headers lie: some include them without the directory.</summary>
    const string LibraryHeaders = "/usr/include/bpf";

    /// <summary>All that would help; nothing: what is missing is not known.</summary>
    public static IReadOnlyList<string> Of(BuildPlaces at, string said)
    {
        var flags = new List<string>();
        if (NotFound().Match(said) is { Success: true } match)
        {
            // The C library's headers ask what the machine is, and clang says bpf.
            var header = match.Groups[1].Value;
            return (header == "gnu/stubs-32.h" && BuildTools.Architecture == "x86_64" ? "-D__x86_64__" : FolderWith(at, header) ?? FolderOfLibrary(header)) is { } folder ? [folder] : [];
        }

        flags.AddRange(Undefined().Matches(said).Select(m => "-D" + new EbpfType("", m.Groups[1].Value).Without));
        flags.AddRange(FormerMembers().Matches(said).Select(m => KernelHeader.FormerMember(m.Groups[2].Value, m.Groups[1].Value)).OfType<string>().Select(macro => "-D" + macro));
        flags.AddRange(EbpfOwnNames.Types.FlagsOf(said));
        flags.AddRange(EbpfOwnNames.Helpers.FlagsOf(said));
        if (ShortNames().IsMatch(said))
        {
            flags.Add(EbpfCompat.ShortNames);
        }

        if (Counted().IsMatch(said))
        {
            flags.Add(EbpfCompat.NotCounted);
        }

        if (said.Contains("warning: declaration does not declare anything", StringComparison.Ordinal))
        {
            flags.Add(BroughtIn);
        }

        flags.AddRange(Conflict().Matches(said).Select(m => $"-D{KernelHeader.Declared}{m.Groups["name"].Value}"));

        if (OldMaps().IsMatch(said))
        {
            flags.Add(EbpfOldMaps.Flag);
        }

        // Atomic operations with a result, and a few more, came with the third set of instructions.
        if (Backend().IsMatch(said))
        {
            flags.Add(Processor);
        }

        return [.. flags.Distinct()];
    }

    /// <summary>What the user can do about what is still missing; null: that is not known.</summary>
    public static string? Hint(BuildPlaces at, EbpfModule module, string said)
    {
        if (NotFound().Match(said) is { Success: true } match)
        {
            var header = match.Groups[1].Value;
            return header.StartsWith("bpf/", StringComparison.Ordinal) || header.StartsWith("bpf_", StringComparison.Ordinal) ? "libbpf's headers: `apt install libbpf-dev`"
                : header.StartsWith("bcc/", StringComparison.Ordinal) ? "it is written for BCC's compiler, which brings maps and helpers of its own: one for libbpf is needed"
                : header is "uapi/linux/ptrace.h" or "linux/kconfig.h" or "linux/version.h" || header.StartsWith("net/", StringComparison.Ordinal) ? "it needs the headers of a kernel's source; with `#include \"vmlinux.h\"` it would need none"
                : header.StartsWith("../", StringComparison.Ordinal) ? $"{PathText.Show(header)} lies outside of the project: put the manifest into a directory that has both"
                : $"put {PathText.Show(header)} {(header.Contains('/', StringComparison.Ordinal) ? "below the manifest" : "beside the source")}: it is part of the project that the source comes from";
        }

        // Of a struct of the source's own, or with a word that clang has for it, the kernel is not to blame.
        return FormerMembers().Match(said) is { Success: true } former && said.IndexOf("did you mean", former.Index, StringComparison.Ordinal) < 0 && !IsOwn(at, module, former.Groups[2].Value)
                ? $"the kernel whose types these are has no `{former.Groups[1].Value}` in `struct {former.Groups[2].Value}`: put the vmlinux.h that the source was written for beside it, or take those of its kernel with `--btf FILE`"
            : OldMaps().IsMatch(said) ? "its maps are of the form that libbpf 1.0 dropped: write them as `struct { __uint(type, …); … } NAME SEC(\".maps\");`"
            : Incomplete().Match(said) is { Success: true } unknown
                ? $"the kernel whose types these are has no `{unknown.Groups[1].Value}`: put the vmlinux.h that the source was written for beside it, or take those of its kernel with `--btf FILE`"
            : NewerCompiler().IsMatch(said) ? "it needs a newer clang: `[constraints]` can say so" : null;
    }

    /// <summary>With the places of a message as they are below the project.</summary>
    public static string Placed(BuildPlaces at, string said) => said.Replace(at.Source + "/", "", StringComparison.Ordinal).Replace(EbpfPreset.FolderOf(at) + "/", "", StringComparison.Ordinal);

    /// <summary>The source, or a header of the project, defines the struct.</summary>
    static bool IsOwn(BuildPlaces at, EbpfModule module, string type) => EbpfIncludes.Headers(at.Source, module.Source).Prepend(module.Source)
        .Any(file => Regex.IsMatch(EbpfIncludes.Read(Path.Join(at.Source, file)), $@"\bstruct\s+{type}\s*\{{", RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1)));

    static string? FolderOfLibrary(string header) => header.Contains('/', StringComparison.Ordinal) || !File.Exists(Path.Join(LibraryHeaders, header)) ? null : "-idirafter" + LibraryHeaders;

    /// <summary>A directory of the source from which a header is reached by the path that asks for it, as <c>-I</c>; null: there is none.</summary>
    static string? FolderWith(BuildPlaces at, string header) => EbpfIncludes.Elsewhere(at.Source, header) is { } found && found.Length > header.Length ? IncludeBelow + found[..^(header.Length + 1)] : null;

    [GeneratedRegex("fatal error: '([^'\n*?]{1,200})' file not found", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NotFound();

    /// <summary>Of two declarations clang blames the second, whichever that is.</summary>
    [GeneratedRegex(
        @"(?:error: (?:conflicting types for|static declaration of|redeclaration of) '(?<name>\w{1,200})'(?:(?! error: )[\s\S]){0,4000}?/bpf/vmlinux\.h:\d+:\d+: note: previous)|(?:/bpf/vmlinux\.h:\d+:\d+: error: (?:conflicting types for|static declaration of|redeclaration of) '(?<name>\w{1,200})')",
        RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Conflict();

    /// <summary>A condition of the preprocessor leaves out a type that the unit wants to keep.</summary>
    [GeneratedRegex(@"\.unit\.bpf\.c:\d+:\d+: error: unknown type name '(\w{1,200})'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Undefined();

    [GeneratedRegex("error: no member named '(\\w{1,200})' in 'struct (\\w{1,200})'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FormerMembers();

    [GeneratedRegex("error: (?:unknown type name|use of undeclared identifier) '(?:__)?(?:[su](?:8|16|32|64)|[bl]e(?:16|32|64)|wsum)'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ShortNames();

    /// <summary>The source makes the helpers itself: where it says so, the macros are in its way.</summary>
    [GeneratedRegex("expanded from macro 'bpf_ringbuf_(reserve|output)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counted();

    [GeneratedRegex("error in backend|Invalid usage of the XADD|Cannot select|Unsupport", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Backend();

    [GeneratedRegex("error: .*'struct bpf_map_def'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex OldMaps();

    [GeneratedRegex("error: (?:incomplete definition of type|variable has incomplete type|invalid application of 'sizeof' to an incomplete type) '((?:struct|union|enum) \\w{1,200})'", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Incomplete();

    [GeneratedRegex("error: (?:unknown attribute|use of unknown builtin '__builtin_|unknown argument|unsupported (?:target )?CPU)|unknown target CPU|may_goto|addr_space_cast|address_space", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NewerCompiler();
}

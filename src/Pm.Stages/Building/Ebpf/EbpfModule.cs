using System.Text.RegularExpressions;
using Pm.Packages;
using Pm.Packages.Manifests;
using Pm.Stages.Running;

namespace Pm.Stages.Building.Ebpf;

/// <summary>A program of a package that is compiled for the kernel.</summary>
/// <param name="Name">What it is called: the command, and the object.</param>
/// <param name="Source">The path of its source below the project.</param>
/// <param name="Stated">What the manifest says of it.</param>
sealed partial record EbpfModule(string Name, string Source, ManifestModule Stated)
{
    const string Suffix = ".bpf.c";
    const string PlainSuffix = ".c";

    /// <summary>Its source is an object that was compiled elsewhere.</summary>
    public bool IsReady { get; init; }

    /// <summary>Where the object lies in the package.</summary>
    public string ObjectPath => EbpfCommand.ObjectPath(Name);

    /// <summary>Its path without the ending: headers beside it are called the same.</summary>
    public string Stem => IsReady ? Source : Source[..^(Source.EndsWith(Suffix, StringComparison.Ordinal) ? Suffix : PlainSuffix).Length];

    /// <summary>
    /// Those modules of a manifest whose source is an eBPF program in C: by its name, or as it puts functions where libbpf finds them. Without a source, <c>NAME.bpf.c</c>.
    /// </summary>
    /// <param name="manifest">What it says.</param>
    /// <param name="tryRead">The text of a file of the project; null: there is none.</param>
    /// <param name="headers">Those of the project that a source includes: its programs may stand there.</param>
    /// <param name="isReady">Whether a file of the project is an object that was compiled elsewhere.</param>
    /// <exception cref="StageException">PM7306: the source that one names is not there; a name cannot be that of a command, or a path stand in an include, or two have one name.</exception>
    public static IReadOnlyList<EbpfModule> Of(Manifest manifest, Func<string, string?> tryRead, Func<string, IReadOnlyList<string>> headers, Predicate<string> isReady)
    {
        List<EbpfModule> modules = [.. manifest.Modules.Where(m => manifest.Dependencies.All(d => d.Module is null || d.Name.Text != m.Name))
            .Select(m => new EbpfModule(m.Name, Plain(m.Source) ?? m.Name + Suffix, m))
            .Select(m => m with { IsReady = !m.Source.EndsWith(PlainSuffix, StringComparison.Ordinal) && isReady(m.Source) })
            .Where(m => m.IsReady || (m.Source.EndsWith(PlainSuffix, StringComparison.Ordinal) && tryRead(m.Source) is { } text && (m.Source.EndsWith(Suffix, StringComparison.Ordinal) || IsProgram().IsMatch(text) || headers(m.Source).Any(h => tryRead(h) is { } header && IsProgram().IsMatch(header)))))];
        if (modules.Find(m => m.IsReady && !(m.Stated.Events.IsEmpty && m.Stated.Fallbacks.IsEmpty && m.Stated.Defines.IsEmpty)) is { } said)
        {
            throw new StageException("PM7314", $"[[module]] {PathText.Show(said.Name)}: {PathText.Show(said.Source)} is compiled already, so `events`, `fallbacks` and `defines` cannot go into it", "say them where it is compiled");
        }

        if (manifest.Modules.FirstOrDefault(m => m.Source?.EndsWith(Suffix, StringComparison.Ordinal) == true && tryRead(Plain(m.Source)!) is null && manifest.Dependencies.All(d => d.Module is null || d.Name.Text != m.Name)) is { } missing)
        {
            throw new StageException("PM7306", $"module `{PathText.Show(missing.Name)}`: there is no {PathText.Show(missing.Source!)}", "`source` is the path of an eBPF program in C, beside the manifest");
        }

        if (modules.Find(m => !IsName(m.Name) || m.Source.AsSpan().ContainsAny('"', '\\')) is { } wrong)
        {
            throw new StageException("PM7306", $"module `{PathText.Show(wrong.Name)}`, {PathText.Show(wrong.Source)}: it cannot be the name of a command, or the path stand in a source", "letters, digits and . _ + - make a name");
        }

        return modules.GroupBy(m => m.Name).FirstOrDefault(g => g.Count() > 1) is { } same
            ? throw new StageException("PM7306", $"two modules are called {same.Key}", "give one of them another name")
            : modules;
    }

    static bool IsName(string name) => name.Length is > 0 and <= 100 && char.IsAsciiLetterOrDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '+' or '-');

    [GeneratedRegex(@"\bSEC\s*\(\s*""|[""</]bpf_helpers\.h["">]", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex IsProgram();

    static string? Plain(string? path) => path?.StartsWith("./", StringComparison.Ordinal) == true ? path[2..] : path;
}

using System.Text;
using Pm.Cli.Manuals;
using Pm.Packages;

namespace Pm.Cli.Projects;

/// <summary>The files with which an eBPF project begins. Their sources are those of examples/hub.</summary>
/// <param name="Name">Of the template, and of its sources.</param>
sealed record EbpfTemplate(string Name)
{
    public const string Usual = "bootstrap";

    /// <summary>What the name of a source ends in.</summary>
    const string SourceSuffix = ".bpf.c";

    static readonly string[] Known = ["bootstrap", "minimal", "template"];

    /// <exception cref="CommandException">PM1002: there is none of that name.</exception>
    public static EbpfTemplate Find(string name) => Known.Contains(name)
        ? new EbpfTemplate(name)
        : throw CommandException.Usage("PM1002", $"there is no template `{Output.Hostile.OneLine(name)}`", $"templates are {string.Join(", ", Known)}");

    /// <summary>Name and content of each; the manifest is the last, which makes it a project.</summary>
    /// <param name="name">Of the package.</param>
    /// <param name="version">Its first.</param>
    /// <param name="isJson">Whether the manifest is config.json.</param>
    public IReadOnlyList<KeyValuePair<string, byte[]>> Files(PackageName name, PackageVersion version, bool isJson) =>
    [
        Text($"{Name}.bpf.c", EmbeddedText.Template($"{Name}.bpf.c")!),
        Text($"{Name}.bpf.h", EmbeddedText.Template($"{Name}.bpf.h")!),
        Text(".gitignore", "*.bpf.o\n*.pkg\n.pm/\n"),
        Text("README.md", ReadMe(name, version, isJson ? EbpfManifest.JsonName : EbpfManifest.TomlName)),
        EbpfManifest.Of(name, version, isJson, [(name.Name, $"{Name}{SourceSuffix}")]),
    ];

    /// <summary>The manifest alone, where sources lie there already that are none of the template; null: there are none.</summary>
    /// <param name="directory">Where.</param>
    /// <param name="name">Of the package.</param>
    /// <param name="version">Its first.</param>
    /// <param name="isJson">Whether the manifest is config.json.</param>
    public static IReadOnlyList<KeyValuePair<string, byte[]>>? OfSources(string directory, PackageName name, PackageVersion version, bool isJson)
    {
        var sources = Directory.Exists(directory)
            ? Directory.EnumerateFiles(directory, $"*{SourceSuffix}").Where(f => !IsUsual(f)).Select(f => Path.GetFileName(f)).Order(StringComparer.Ordinal).ToList() : [];
        return sources.Count == 0 ? null : [EbpfManifest.Of(name, version, isJson, sources.Select(s => (ModuleOf(s, name), s)))];
    }

    /// <summary>It is from a run that was ended.</summary>
    static bool IsUsual(string file) => Path.GetFileName(file) == Usual + SourceSuffix && File.ReadAllText(file) == EmbeddedText.Template(Usual + SourceSuffix);

    /// <summary>A command is called as its source is, where a command can be called so.</summary>
    static string ModuleOf(string source, PackageName package) => source[..^SourceSuffix.Length] is var own && PackageName.TryParse(own.ToLowerInvariant(), out var name) ? name.Name : package.Name;

    static KeyValuePair<string, byte[]> Text(string name, string text) => KeyValuePair.Create(name, Encoding.UTF8.GetBytes(text));

    string ReadMe(PackageName name, PackageVersion version, string manifest) => $"""
        # {name.Text}

        An eBPF program, begun from pm's template `{Name}`. The source is `{Name}.bpf.c`; `{Name}.bpf.h` says what its events are; `{manifest}` is the manifest.

            pm build                 # makes {new PackageId(name, version).FileText}.pkg; needs clang, llvm and libbpf-dev
            sudo pm install --allow-unsigned ./{new PackageId(name, version).FileText}.pkg
            sudo {name.Name} --help

        Comments that begin with `///` become its help. `pm help build` and `pm help run` say more.

        """;
}

using System.Text;
using System.Text.Json;
using Pm.Cli.Manuals;
using Pm.Packages;
using Pm.Packages.Toml;

namespace Pm.Cli.Projects;

/// <summary>The files with which an eBPF project begins. Their sources are those of examples/hub.</summary>
/// <param name="Name">Of the template, and of its sources.</param>
sealed record EbpfTemplate(string Name)
{
    public const string Usual = "bootstrap";

    /// <summary>Where the manifest is one of JSON, as ebpm's users know it.</summary>
    public const string JsonName = "config.json";

    const string TomlName = "pm.toml";

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
        Text("README.md", ReadMe(name, version, isJson ? JsonName : TomlName)),
        isJson ? KeyValuePair.Create(JsonName, Json(name, version)) : KeyValuePair.Create(TomlName, Toml(name, version)),
    ];

    static KeyValuePair<string, byte[]> Text(string name, string text) => KeyValuePair.Create(name, Encoding.UTF8.GetBytes(text));

    string ReadMe(PackageName name, PackageVersion version, string manifest) => $"""
        # {name.Text}

        An eBPF program, begun from pm's template `{Name}`. The source is `{Name}.bpf.c`; `{Name}.bpf.h` says what its events are; `{manifest}` is the manifest.

            pm build                 # makes {new PackageId(name, version).FileText}.pkg; needs clang, llvm and libbpf-dev
            sudo pm install --allow-unsigned ./{new PackageId(name, version).FileText}.pkg
            sudo {name.Name} --help

        Comments that begin with `///` become its help. `pm help build` and `pm help run` say more.

        """;

    byte[] Toml(PackageName name, PackageVersion version)
    {
        var writer = new TomlWriter();
        writer.Table("package");
        writer.Set("name", TomlExpression.Of(name.Text));
        writer.Set("version", TomlExpression.Of(version.Text));
        writer.Set("description", TomlExpression.Of(""));
        writer.Set("license", TomlExpression.Of("MIT"));
        writer.ArrayTable("module");
        writer.Set("name", TomlExpression.Of(name.Name));
        writer.Set("source", TomlExpression.Of($"{Name}.bpf.c"));
        return writer.ToBytes();
    }

    byte[] Json(PackageName name, PackageVersion version)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, NewLine = "\n" }))
        {
            json.WriteStartObject();
            json.WriteStartObject("package"u8);
            json.WriteString("name"u8, name.Text);
            json.WriteString("version"u8, version.Text);
            json.WriteString("description"u8, "");
            json.WriteString("license"u8, "MIT");
            json.WriteEndObject();
            json.WriteStartArray("module"u8);
            json.WriteStartObject();
            json.WriteString("name"u8, name.Name);
            json.WriteString("source"u8, $"{Name}.bpf.c");
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return [.. bytes.ToArray(), (byte)'\n'];
    }
}

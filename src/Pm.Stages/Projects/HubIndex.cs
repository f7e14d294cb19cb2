using System.Collections.Immutable;
using System.Text;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Yaml;

namespace Pm.Stages.Projects;

/// <summary>The list of the packages that lie in the directories of one: a hub, whose users browse it as pages. Source: the index of lmp's eBPF_hub.</summary>
public static class HubIndex
{
    /// <summary>Most directories that are looked at.</summary>
    public const int MostEntries = 10_000;

    const int MostOfPage = 1 << 20;
    const string Begin = "<!-- pm repo index: begin -->";
    const string End = "<!-- pm repo index: end -->";
    const string Mark = "---\n";

    /// <summary>Those directories that have a manifest with a package, or a README.md with a head, sorted by name.</summary>
    /// <exception cref="PackageFormatException">A manifest or a head cannot be read.</exception>
    /// <exception cref="StageException">PM7315: there are too many.</exception>
    public static IReadOnlyList<HubEntry> Read(string directory)
    {
        var folders = Directory.EnumerateDirectories(directory).Select(p => Path.GetFileName(p)!).Where(n => !n.StartsWith('.')).Take(MostEntries + 1).Order(StringComparer.Ordinal).ToList();
        return folders.Count <= MostEntries
            ? [.. folders.Select(folder => TryRead(directory, folder)).OfType<HubEntry>()]
            : throw new StageException("PM7315", $"{PathText.Show(directory)}: at most {MostEntries} directories are listed");
    }

    /// <summary>A line for each: <c>- [NAME](PREFIX/NAME)</c>.</summary>
    public static string Lines(IEnumerable<HubEntry> entries, string prefix) =>
        string.Concat(entries.Select(e => $"- [{Escaped(e.Folder)}]({(prefix.Length == 0 ? "" : string.Join('/', prefix.Split('/').Select(Uri.EscapeDataString)) + "/")}{Uri.EscapeDataString(e.Folder)})\n"));

    /// <summary>The page with these lines between its two marks.</summary>
    /// <param name="page">Null: there is none yet.</param>
    /// <param name="lines">The list.</param>
    /// <param name="name">Of the page, for messages.</param>
    /// <exception cref="StageException">PM7315: it has not both marks, each once.</exception>
    public static string Updated(string? page, string lines, string name)
    {
        var block = $"{Begin}\n{lines}{End}";
        if (page is null)
        {
            return block + "\n";
        }

        var (begin, end) = (page.IndexOf(Begin, StringComparison.Ordinal), page.IndexOf(End, StringComparison.Ordinal));
        return begin >= 0 && end > begin && page.IndexOf(Begin, begin + 1, StringComparison.Ordinal) < 0 && page.IndexOf(End, end + 1, StringComparison.Ordinal) < 0
            ? page[..begin] + block + page[(end + End.Length)..]
            : throw new StageException("PM7315", $"{PathText.Show(name)}: it has no place for the index", $"put two lines where it shall stand: `{Begin}` and `{End}`");
    }

    static HubEntry? TryRead(string directory, string folder)
    {
        var manifest = ManifestFile.TryRead(Path.Join(directory, folder), folder)?.Package;
        var head = Head(Path.Join(directory, folder, "README.md"), $"{folder}/README.md");
        if (manifest is null && head is null)
        {
            return null;
        }

        return new HubEntry
        {
            Folder = folder,
            Package = manifest is null ? null : new PackageId(manifest.Name, manifest.Version),
            Title = Text(head, "title") ?? manifest?.Title ?? folder,
            Summary = Text(head, "summary") ?? manifest?.Description ?? "",
            Category = Text(head, "category") ?? manifest?.Categories.FirstOrDefault() ?? "",
            Tags = Tags(head?["tags"]),
        };
    }

    /// <summary>What stands between two lines <c>---</c> at the begin of a page.</summary>
    static YamlMapping? Head(string path, string name)
    {
        using var file = OpenFile.TryOpenRead(path);
        if (file is null)
        {
            return null;
        }

        var bytes = new byte[Math.Clamp(OpenFile.Status(file).Size, 0, MostOfPage)];
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, RandomAccess.Read(file, bytes, 0))).Replace("\r\n", "\n", StringComparison.Ordinal);
        var end = text.StartsWith(Mark, StringComparison.Ordinal) ? text.IndexOf("\n" + Mark, StringComparison.Ordinal) : -1;
        // A line in place of the mark: so messages count as the page does.
        return end < 0 ? null : YamlReader.Read(Encoding.UTF8.GetBytes("#\n" + text[Mark.Length..(end + 1)]), name) as YamlMapping;
    }

    static string? Text(YamlMapping? head, string key) => head?[key] is YamlScalar { IsNull: false } scalar ? scalar.Text : null;

    static ImmutableArray<string> Tags(YamlNode? node) => node switch
    {
        YamlSequence list => [.. list.Items.OfType<YamlScalar>().Select(s => s.Text)],
        YamlScalar { IsNull: false } one => [.. one.Text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)],
        _ => [],
    };

    static string Escaped(string text) => string.Concat(text.Select(c => c is '[' or ']' or '\\' or '*' or '`' or '<' ? $"\\{c}" : char.IsControl(c) ? "?" : $"{c}"));
}

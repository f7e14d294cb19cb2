using System.Text;
using System.Text.RegularExpressions;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Stages.Building.Ebpf;

/// <summary>Follows a source through those headers of the project that it includes.</summary>
static partial class EbpfIncludes
{
    const int MostFiles = 1000;
    const int MostPlaces = 50_000;
    const int MostOfSource = 4 << 20;
    const int MostOfHeader = 256 << 10;

    static readonly string[] SystemFolders = ["/usr/include", $"/usr/include/{BuildTools.Architecture}-linux-gnu"];

    /// <summary>Whether a source, or a header of the project that it includes, asks for <paramref name="header"/> while there is none of its own where it would be found.</summary>
    /// <param name="directory">Of the project, absolute.</param>
    /// <param name="source">Its path below that.</param>
    /// <param name="header">A name.</param>
    public static bool Lack(string directory, string source, string header) => Follow(directory, source).Any(include => include.Found is null && include.Name == header);

    /// <summary>The headers of the project that a source includes, or one of these: paths below it, each once. Not those that have the types of a whole kernel.</summary>
    public static IReadOnlyList<string> Headers(string directory, string source) =>
        [.. Follow(directory, source).Select(include => include.Found).OfType<string>().Distinct().Where(path => path != source && new FileInfo(Path.Join(directory, path)).Length <= MostOfHeader)];

    /// <summary>Each include, by the name that is asked for, and the path of what is found.</summary>
    static IEnumerable<(string Name, string? Found)> Follow(string directory, string source)
    {
        var folder = Path.GetDirectoryName(source)!;
        var files = new Lazy<ILookup<string, string>>(() => Files(directory));
        var seen = new HashSet<string>(StringComparer.Ordinal) { source };
        var waiting = new Queue<string>(seen);
        while (waiting.TryDequeue(out var file))
        {
            foreach (var name in Include().Matches(Read(Path.Join(directory, file))).Select(m => m.Groups[1].Value))
            {
                var found = new[] { Path.GetDirectoryName(file)!, folder, "" }.Select(f => Below(f, name)).FirstOrDefault(path => path is not null && File.Exists(Path.Join(directory, path)))
                    ?? (IsOfSystem(name) || Path.GetFileName(name) == EbpfPreset.HeaderName ? null : Elsewhere(files.Value, name));
                yield return (name, found);
                if (found is not null && seen.Count < MostFiles && seen.Add(found))
                {
                    waiting.Enqueue(found);
                }
            }
        }
    }

    /// <summary>What the compiler has without the project.</summary>
    static bool IsOfSystem(string name) => SystemFolders.Any(folder => File.Exists(Path.Join(folder, name)));

    /// <summary>A file of the project that is reached by the path that an include asks for, from one of its directories; null: there is none.</summary>
    /// <param name="directory">Of the project, absolute.</param>
    /// <param name="header">As it is asked for.</param>
    public static string? Elsewhere(string directory, string header) => Elsewhere(Files(directory), header);

    static string? Elsewhere(ILookup<string, string> files, string header) =>
        PackagePath.Fault(header) is not null ? null : files[Path.GetFileName(header)].Where(path => path.EndsWith("/" + header, StringComparison.Ordinal)).Order(StringComparer.Ordinal).FirstOrDefault();

    /// <summary>The paths of a project's files, as many as are looked through, by their last name.</summary>
    static ILookup<string, string> Files(string directory) =>
        Directory.EnumerateFiles(directory, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint })
            .Take(MostPlaces)
            .ToLookup(path => Path.GetFileName(path)!, path => Path.GetRelativePath(directory, path), StringComparer.Ordinal);

    /// <summary>The text of a source, as much of it as any has.</summary>
    public static string Read(string path)
    {
        using var file = new FileStream(OpenFile.TryOpenRead(path) ?? throw new FileNotFoundException(null, path), FileAccess.Read);
        var bytes = new byte[Math.Min(file.Length, MostOfSource)];
        return Encoding.UTF8.GetString(bytes.AsSpan(0, file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)));
    }

    /// <summary>The path below the project; null: it leads out of it.</summary>
    static string? Below(string folder, string name)
    {
        var path = Path.GetRelativePath("/", Path.GetFullPath(Path.Join(folder, name), "/"));
        return PackagePath.Fault(path) is null ? path : null;
    }

    [GeneratedRegex("^[ \\t]*#[ \\t]*include[ \\t]*[\"<]([^\">\\n\\0]{1,200})[\">]", RegexOptions.Multiline | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Include();
}

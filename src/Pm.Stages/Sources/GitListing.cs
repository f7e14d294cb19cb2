using System.Globalization;
using System.Text;
using Pm.Packages;

namespace Pm.Stages.Sources;

/// <summary>Judges what git says lies in a tree, before any of it is written: names that lead elsewhere, kinds, number and size.</summary>
static class GitListing
{
    const int MaximumDepth = 1024;

    /// <param name="output">Of <c>git ls-tree -r -t -z -l</c>. Source: git-ls-tree(1), "OUTPUT FORMAT".</param>
    /// <param name="where">For messages.</param>
    /// <param name="options">Limits; told of what is left out.</param>
    /// <returns>The number of entries.</returns>
    /// <exception cref="StageException">PM7210.</exception>
    public static int Judge(ReadOnlySpan<byte> output, string where, SourceOptions options)
    {
        var count = 0;
        var total = 0L;
        while (!output.IsEmpty)
        {
            var end = output.IndexOf((byte)0);
            var entry = end < 0 ? output : output[..end];
            output = end < 0 ? [] : output[(end + 1)..];
            var tab = entry.IndexOf((byte)'\t');
            var path = PathText.Decode(entry[(tab + 1)..]);
            var fields = Encoding.ASCII.GetString(entry[..Math.Max(tab, 0)]).Split(' ', StringSplitOptions.RemoveEmptyEntries);
            JudgeName(path, where);
            total += Size(fields, path, where, options);
            if (++count > options.EntryLimit)
            {
                throw TooMuch(where, "files and directories", options.EntryLimit);
            }

            if (total > options.ContentLimit)
            {
                throw TooMuch(where, "bytes", options.ContentLimit);
            }
        }

        return count;
    }

    /// <summary>Submodules and empty trees. Modes of long ago, such as 100664, git does not list: a tree with one cannot be worked out again, and is refused.</summary>
    /// <param name="output">As of <see cref="Judge"/>, which has judged it.</param>
    public static List<UnusualEntry> Unusual(ReadOnlySpan<byte> output)
    {
        var (entries, holders) = (new List<UnusualEntry>(), new HashSet<string>());
        foreach (var line in PathText.Decode(output).Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            var fields = line[..Math.Max(tab, 0)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            var path = line[(tab + 1)..];
            holders.Add(Path.GetDirectoryName(path) ?? "");
            if (fields is ["160000", _, var commit, _])
            {
                entries.Add(new UnusualEntry("160000", commit, path));
            }
            else if (fields is ["040000", _, var inner, _])
            {
                entries.Add(new UnusualEntry(GitTree.TreeMode, inner, path));
            }
        }

        return [.. entries.Where(e => e.Mode != GitTree.TreeMode || !holders.Contains(e.Path))];
    }

    static long Size(string[] fields, string path, string where, SourceOptions options)
    {
        switch (fields)
        {
            case ["040000", "tree", _, _]:
                return 0;
            case ["100644" or "100755" or "100664" or "120000", "blob", _, var size]
                when long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes):
                return bytes;
            case ["160000", "commit", _, _]:
                options.Note?.Invoke($"{where}: {PathText.Show(path)} is a repository of its own (a submodule), and stays empty: depend on it apart");
                return 0;
            default:
                throw SourceFault.Refused($"{where}: {PathText.Show(path)}", "it is neither a file, a link nor a directory");
        }
    }

    static void JudgeName(string path, string where)
    {
        var parts = path.Split('/');
        if (parts.Length > MaximumDepth || parts.Any(p => p is "" or "." or ".." || p.Equals(".git", StringComparison.OrdinalIgnoreCase)))
        {
            throw SourceFault.Refused($"{where}: {PathText.Show(path)}", "no file of a repository can have that name");
        }
    }

    static StageException TooMuch(string where, string what, long limit) =>
        SourceFault.Refused(where, string.Create(CultureInfo.InvariantCulture, $"{what}: at most {limit}, got more"));
}

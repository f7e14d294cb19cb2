using Pm.Linux;

namespace Pm.Repositories;

/// <summary>Everything that lies below <c>repository/</c>.</summary>
static class ServedFiles
{
    /// <summary>Deeper there is nothing of pm's: targets/NAME/FILE.</summary>
    const int MaximumDepth = 8;

    /// <summary>Paths relative to the served directory; directories after their content. Links are not followed.</summary>
    public static IEnumerable<(string Path, FileKind Kind)> Of(DirectoryHandle served) => Walk(served, "", 0);

    static IEnumerable<(string Path, FileKind Kind)> Walk(DirectoryHandle directory, string prefix, int depth)
    {
        foreach (var entry in directory.Entries().OrderBy(entry => entry.Name, StringComparer.Ordinal).ToList())
        {
            var path = prefix + entry.Name;
            var kind = directory.Status(entry.Name)?.Kind ?? entry.Kind;
            if (kind == FileKind.Directory && depth < MaximumDepth)
            {
                using var child = directory.OpenBeneath(entry.Name);
                foreach (var found in Walk(child, $"{path}/", depth + 1))
                {
                    yield return found;
                }
            }

            yield return (path, kind);
        }
    }
}

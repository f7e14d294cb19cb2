using Pm.Linux;
using Pm.Storage;

namespace Pm.Cli.Roots;

/// <summary>What a path on the command line means inside a root.</summary>
static class RootPaths
{
    /// <summary>
    /// What <paramref name="text"/> may be relative to the root's content, likeliest first: as it is written, with links
    /// on the way to it followed, and, when it is relative, taken from the root. None: it lies elsewhere.
    /// </summary>
    public static IReadOnlyList<string> Candidates(PmContext context, Root root, string text)
    {
        var tops = new[] { root.ContentPath, Real(root.ContentPath), root.Path, Real(root.Path) }.OfType<string>().Distinct().ToList();
        var full = context.FullPath(text);
        var real = Real(Path.GetDirectoryName(full)) is { } parent ? Path.Join(parent, Path.GetFileName(full)) : null;
        var found = new[] { full, real }.OfType<string>()
            .Select(path => tops.Select(top => Below(top, path)).FirstOrDefault(p => p is not null))
            .OfType<string>().ToList();
        if (!Path.IsPathFullyQualified(text) && Below("/", Path.GetFullPath(text, "/")) is { } relative)
        {
            found.Add(relative);
        }

        return [.. found.Distinct()];
    }

    /// <summary>A path without its top; null when it is not below.</summary>
    static string? Below(string top, string path)
    {
        var prefix = top.TrimEnd('/') + "/";
        var rest = path.StartsWith(prefix, StringComparison.Ordinal) ? path[prefix.Length..].TrimEnd('/') : "";
        return rest.Length == 0 ? null : rest;
    }

    /// <summary>A directory with all links followed, where it is there.</summary>
    static string? Real(string? directory)
    {
        if (directory is null)
        {
            return null;
        }

        using var handle = DirectoryHandle.TryOpen(directory);
        return handle is null ? null : OpenFile.PathOf(handle);
    }
}

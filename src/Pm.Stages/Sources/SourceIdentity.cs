namespace Pm.Stages.Sources;

/// <summary>Works out what a directory is called in a lockfile, of what lies there alone.</summary>
static class SourceIdentity
{
    /// <param name="directory">Absolute.</param>
    /// <param name="locked">What it is to be: says by its form which kind of name is meant.</param>
    /// <param name="unusual">What the directory does not show.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The name, in the same form.</returns>
    /// <exception cref="StageException">PM7210: too much, neither file, link nor directory, or a link that leads out.</exception>
    public static string Of(string directory, string locked, IReadOnlyCollection<UnusualEntry> unusual, int limit, CancellationToken cancellation)
    {
        var tree = SourceTree.Read(directory, limit, cancellation, [.. unusual.Where(e => e is { Mode: GitTree.TreeMode, Id: null }).Select(e => e.Path)]);
        if (tree.LinkOutside() is { } link)
        {
            throw SourceFault.Refused(directory, $"the link `{Pm.Packages.PathText.Show(link)}` leads out of the package");
        }

        return GitReference.IsId(locked) ? GitTree.Of(directory, locked.Length, unusual, cancellation) : tree.Identity;
    }
}

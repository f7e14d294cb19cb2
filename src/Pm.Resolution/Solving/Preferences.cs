namespace Pm.Resolution.Solving;

/// <summary>Which of the versions that are left is tried first.</summary>
static class Preferences
{
    /// <summary>What is kept, then releases, then pre-releases, and what was yanked last of all.</summary>
    public static int Best(PackageVariable package, VersionBits left, VersionChoice choice)
    {
        if (package.Kept > 0 && left.Contains(package.Kept))
        {
            return package.Kept;
        }

        var offered = left - package.Yanked;
        var releases = offered - package.PreReleases;
        var best = !releases.IsEmpty ? releases : !offered.IsEmpty ? offered : left;
        return choice == VersionChoice.Minimal ? best.Highest : best.Lowest;
    }
}

using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;

namespace Pm.Stages.Projects;

/// <summary>What a lockfile says of paths, which may change at any time, against what lies there now.</summary>
public static class SourceDrift
{
    /// <summary>Each thing that differs, in a line.</summary>
    public static IReadOnlyList<string> Of(Lockfile file, IReadOnlyDictionary<PackageName, SourcePackage> sources)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(sources);
        var differences = new List<string>();
        foreach (var locked in file.Packages.Where(p => p.Source is not RemoteSource))
        {
            if (!sources.TryGetValue(locked.Id.Name, out var source))
            {
                differences.Add($"{locked.Id} is locked, and nothing needs it");
            }
            else if (source.Id != locked.Id)
            {
                differences.Add($"{locked.Id} is locked, {SourceKeys.Describe(locked.Source)} has {source.Id}");
            }
            else if (!source.Needs.Select(n => (n.ToString(), n.IsPrivate)).SequenceEqual(locked.Needs.Select(n => (n.ToString(), n.IsPrivate))))
            {
                differences.Add($"{locked.Id} needs other packages than when it was locked");
            }
        }

        return differences;
    }
}

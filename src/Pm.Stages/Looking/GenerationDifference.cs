using System.Collections.Immutable;
using Pm.Packages;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>What differs between two generations of a root.</summary>
public static class GenerationDifference
{
    /// <summary>The packages that differ in version, content or what is recorded of them, sorted by name.</summary>
    /// <param name="from">Null: the empty root before the first.</param>
    /// <param name="to">The other one.</param>
    public static ImmutableArray<PackageChange> OfPackages(Generation? from, Generation to)
    {
        ArgumentNullException.ThrowIfNull(to);
        var old = (from?.Packages ?? []).ToDictionary(p => p.Id.Name);
        var changes = to.Packages.Select(p => new PackageChange(old.Remove(p.Id.Name, out var before) ? before : null, p)).ToList();
        changes.AddRange(old.Values.Select(p => new PackageChange(p, null)));
        return [.. changes.Where(c => c.Old != c.New).OrderBy(c => c.Name)];
    }

    /// <summary>The paths that differ, sorted by their bytes. Only packages that changed are opened.</summary>
    /// <exception cref="StoreException">PM4004: a package is not in the store.</exception>
    public static ImmutableArray<PathChange> OfPaths(Store store, IEnumerable<PackageChange> changes)
    {
        ArgumentNullException.ThrowIfNull(store);
        var files = changes.Where(c => c.ChangesFiles).ToList();
        var old = Entries(store, files.Select(c => c.Old));
        var paths = Entries(store, files.Select(c => c.New)).Values
            .Select(e => new PathChange(old.Remove(e.Path, out var before) ? before : null, e)).ToList();
        paths.AddRange(old.Values.Select(e => new PathChange(e, null)));
        return [.. paths.Where(p => p.Old != p.New).OrderBy(p => p.Path, StringComparer.Ordinal)];
    }

    static Dictionary<string, PackageEntry> Entries(Store store, IEnumerable<InstalledPackage?> packages)
    {
        var entries = new Dictionary<string, PackageEntry>(StringComparer.Ordinal);
        foreach (var entry in packages.OfType<InstalledPackage>().SelectMany(p => store.Require(p.Hash).Entries))
        {
            // Two packages may share a directory.
            entries.TryAdd(entry.Path, entry);
        }

        return entries;
    }
}

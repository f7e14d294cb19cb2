using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Sources;
using Pm.Storage;

namespace Pm.Stages.Projects;

/// <summary>A thing that a lockfile names, and whether it is on this machine: a package in the store, a source in the cache or where its path leads.</summary>
/// <param name="Package">As it is locked; where several trees have the same, the first.</param>
/// <param name="IsHere">Whether nobody has to be asked for it.</param>
public sealed record LockedItem(LockedPackage Package, bool IsHere)
{
    /// <summary>Each thing once, in the order of the lockfile. Nothing is written.</summary>
    /// <param name="file">The lockfile.</param>
    /// <param name="store">Null: there is none yet.</param>
    /// <param name="cache">Where sources are kept.</param>
    /// <param name="directory">Of the project: where relative paths start; absolute.</param>
    /// <param name="vendored">What the project keeps itself; null: nothing.</param>
    public static IReadOnlyList<LockedItem> Of(Lockfile file, Store? store, SourceCache cache, string directory, VendorDirectory? vendored)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(cache);
        return [.. file.Packages.DistinctBy(p => (p.Id, p.Hash, p.Source)).Select(p => new LockedItem(p, vendored?.Has(p) is true || (p.Source is RemoteSource
            ? p.Hash is { } hash && store?.Contains(hash) is true
            : cache.IsHere(p.Source, directory, new LockedSource(p.Commit, p.SourceTree)))))];
    }
}

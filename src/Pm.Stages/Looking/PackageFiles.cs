using Pm.Packages;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>A package whose files are known on this machine.</summary>
/// <param name="Package">Its metadata.</param>
/// <param name="Installed">As it is in the current generation; null: it only lies in the store.</param>
public sealed record PackageFiles(Package Package, InstalledPackage? Installed)
{
    /// <summary>
    /// The package of that name: the installed one, or with a version the one of a kept generation, or one that was
    /// fetched. Null when its files are not on this machine.
    /// </summary>
    /// <exception cref="StoreException">PM4004: an installed package is not in the store.</exception>
    public static PackageFiles? Find(RootSession session, Dependency wanted)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(wanted);
        if (session.Root.Current?.Find(wanted.Name) is { } there && (wanted.Exact is null || wanted.Exact == there.Id.Version))
        {
            return new PackageFiles(session.Store.Require(there.Hash), there);
        }

        var hash = wanted.Exact is null ? null : OfGeneration(session, wanted)
            ?? session.Catalogue.Index.Find(new PackageId(wanted.Name, wanted.Exact))?.Hash;
        hash ??= wanted.Exact is null ? session.Catalogue.Index.Newest(wanted.Name)?.Hash : null;
        return hash is { } known && session.Store.Find(known) is { } package ? new PackageFiles(package, null) : null;
    }

    static Blobs.MerkleRoot? OfGeneration(RootSession session, Dependency wanted) => session.Root.Generations()
        .Select(g => g.Find(wanted.Name)).LastOrDefault(p => p is not null && p.Id.Version == wanted.Exact)?.Hash;
}

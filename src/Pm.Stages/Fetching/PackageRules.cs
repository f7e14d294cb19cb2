using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Remotes;
using Pm.Stages.Changes;

namespace Pm.Stages.Fetching;

/// <summary>What must hold of a package that comes in, besides its signature and its hashes.</summary>
static class PackageRules
{
    /// <summary>The remote's index must not pull in what the publisher did not sign: extraneous dependencies.</summary>
    /// <param name="published">As the index has it.</param>
    /// <param name="package">What came.</param>
    /// <param name="where">Where it came from.</param>
    /// <exception cref="StageException">PM7502.</exception>
    public static void RequireSameDependencies(PublishedPackage published, Package package, string where)
    {
        var (offered, stated) = (Needed(published.Target.Package.Dependencies, published.Target.Package.Requires), Needed(package));
        if (!offered.SequenceEqual(stated))
        {
            throw new StageException(
                "PM7502",
                $"{where}: extraneous dependencies refused: the index of the remote says that {published.Id} needs "
                    + $"[{string.Join(", ", offered)}], its publisher expected [{string.Join(", ", stated)}]");
        }
    }

    /// <exception cref="PackageFormatException">PM2212.</exception>
    public static void RequireLinksInside(Package package)
    {
        if (PackageLinks.FirstOutside(package) is { } link)
        {
            throw new PackageFormatException(
                "PM2212", $"the symbolic link leads outside the package, to `{link.Target}`", $"{package.Id}: {link.Path}");
        }
    }

    /// <summary>A file must be what it was when the change was worked out: whoever may write it could have put another in its place.</summary>
    /// <exception cref="StageException">PM7501.</exception>
    public static void RequireSame(LocalFile file, Package package)
    {
        var (before, stated) = (Needed(file.Dependencies, file.Requires), Needed(package));
        if (package.Id != file.Id || !before.SequenceEqual(stated))
        {
            throw new StageException(
                "PM7501",
                $"{file.Name}: it was {Text(file.Id, before)} when it was looked at, now it is {Text(package.Id, stated)}",
                "the same command again, when nobody writes the file");
        }

        static string Text(PackageId id, List<string> needed) =>
            needed.Count == 0 ? id.ToString() : $"{id}, which needs {string.Join(", ", needed)}";
    }

    /// <summary>A remote must not give another package than the one that its metadata names.</summary>
    /// <param name="published">What was asked for.</param>
    /// <param name="package">What came.</param>
    /// <param name="isSigned">Whether somebody who is trusted signed what came.</param>
    /// <param name="where">Where it came from.</param>
    /// <exception cref="StageException">PM7501.</exception>
    public static void RequireSame(PublishedPackage published, Package package, bool isSigned, string where)
    {
        var signed = isSigned ? "validly signed" : "not signed";
        if (package.Id != published.Id)
        {
            throw new StageException("PM7501", $"{where}: wrong software refused: asked for {published.Id}, got {package.Id} ({signed})");
        }

        if (published.Target.Package.Hash is { } hash && package.Hash != hash)
        {
            throw new StageException(
                "PM7501", $"{where}: wrong software refused: asked for {published.Id} of hash {hash}, got one of hash {package.Hash} ({signed})");
        }
    }

    /// <summary>A file that was made again from blobs is signed by what its publisher signed, so by the package hash alone.</summary>
    /// <exception cref="PackageFormatException">PM2304.</exception>
    public static void RequireCovered(PkgArchive archive, Package package)
    {
        if (archive is { IsRebuilt: true, Signature: null, SignedBy: not null }
            && !PkgManifest.Covers(ChecksumList.Parse(archive.SignedManifest.Span, archive.Name), package.Hash))
        {
            throw new PackageFormatException("PM2304", $"the signed manifest does not name the package hash {package.Hash}", archive.Name);
        }
    }

    static List<string> Needed(Package package) => Needed(package.Description?.Dependencies ?? [], package.Description?.Requires ?? ImmutableSortedDictionary<PackageName, string>.Empty);

    /// <summary><c>deps:</c> and <c>requires:</c>, as they are written.</summary>
    static List<string> Needed(ImmutableArray<Dependency> dependencies, ImmutableSortedDictionary<PackageName, string> requires) =>
        [.. dependencies.Select(d => d.ToString()), .. requires.Select(r => $"{r.Key} {r.Value}")];
}

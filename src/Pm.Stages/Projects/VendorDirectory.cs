using System.Collections.Immutable;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Changes;
using Pm.Stages.Sources;

namespace Pm.Stages.Projects;

/// <summary>
/// The directory of a project in which <c>pm vendor</c> put packages and sources. What is in it is taken before anybody is asked, and held against the
/// lockfile each time: where it lies makes nobody believe it.
/// </summary>
/// <remarks>Source: docs/formats/manifest.md, docs/formats/lockfile.md.</remarks>
public sealed class VendorDirectory
{
    readonly string _project;

    VendorDirectory(string project, string relative, VendorList list) => (_project, Relative, List) = (project, relative, list);

    /// <summary>Below the project.</summary>
    public string Relative { get; }

    public VendorList List { get; }

    /// <summary>Opens it; null: nothing was vendored there.</summary>
    /// <param name="project">Its directory, absolute.</param>
    /// <param name="relative">Below the project.</param>
    /// <exception cref="PackageFormatException">PM2115: the list in it was not written by pm.</exception>
    public static VendorDirectory? TryOpen(string project, string relative)
    {
        using var top = DirectoryHandle.Open(project);
        using var directory = top.TryOpenBeneath(relative);
        return directory?.TryReadFile(VendorList.Name, VendorList.MaximumSize) is { } bytes
            ? new VendorDirectory(project, relative, VendorList.Parse(bytes, Path.Join(relative, VendorList.Name)))
            : null;
    }

    /// <summary>Whether a locked package or source is there, edited or not.</summary>
    public bool Has(LockedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        return List.Find(package.Id, package.Hash) is { } item && (package.SourceTree is null || package.SourceTree == item.Tree) && IsThere(item);
    }

    /// <summary>The <c>.pkg</c> of a locked package; null: there is none of that hash.</summary>
    public LocalFile? FindPackage(LockedPackage package)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Hash is null || List.Find(package.Id, package.Hash) is not { } item)
        {
            return null;
        }

        var shown = Path.Join(Relative, List.EntryOf(item));
        return IsThere(item, FileKind.Regular) ? LocalFile.Read(Path.Join(_project, shown), shown) : null;
    }

    /// <summary>A locked source; null: there is none of that content.</summary>
    /// <param name="package">As it is locked.</param>
    /// <param name="limit">The most entries that it may have.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageException">PM7242: it was edited.</exception>
    public CheckedOutSource? FindSource(LockedPackage package, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Source is RemoteSource || List.Find(package.Id, null) is not { Tree: { } tree } item || (package.SourceTree is { } locked && locked != tree)
            || !IsThere(item, FileKind.Directory))
        {
            return null;
        }

        RequireUnedited(item, limit, cancellation);
        return new CheckedOutSource(PathOf(item), tree) { Commit = package.Commit };
    }

    /// <exception cref="StageException">PM7242: it is not what was written.</exception>
    public void RequireUnedited(VendoredItem item, int limit, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(item);
        var (expected, actual) = (item.Hash?.ToString() ?? item.Tree!, item.Hash is null ? TreeOf(item, limit, cancellation) : HashOf(item));
        if (actual != expected)
        {
            throw Edited(item, expected, actual);
        }
    }

    /// <summary>Whether it lies there at all, as what it is to be.</summary>
    public bool IsThere(VendoredItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return IsThere(item, item.Hash is null ? FileKind.Directory : FileKind.Regular);
    }

    /// <summary>Absolute.</summary>
    public string PathOf(VendoredItem item) => Path.Join(_project, Relative, List.EntryOf(item));

    /// <summary>What a package or source was edited to.</summary>
    public StageException Edited(VendoredItem item, string expected, string actual)
    {
        ArgumentNullException.ThrowIfNull(item);
        var place = Path.Join(Relative, List.EntryOf(item));
        return new StageException(
            "PM7242", $"{place} is not what was vendored: expected {(item.Hash is null ? "tree" : "package hash")} {expected}, got {actual}",
            $"`git diff {place}` may show the change; `rm -r {place}`, then `pm vendor {Relative}` writes it anew; to change a dependency: [patch]");
    }

    string TreeOf(VendoredItem item, int limit, CancellationToken cancellation)
    {
        var unusual = item.Unusual.Select(UnusualEntry.TryParse).OfType<UnusualEntry>().ToImmutableArray();
        return SourceIdentity.Of(PathOf(item), item.Tree!, unusual, limit, cancellation);
    }

    string HashOf(VendoredItem item)
    {
        using var file = File.OpenRead(PathOf(item));
        using var archive = Packages.Pkg.PkgArchive.Open(file, Path.Join(Relative, List.EntryOf(item)));
        return archive.Expand(new HashOnlyBlobs()).Hash.ToString();
    }

    bool IsThere(VendoredItem item, FileKind kind)
    {
        using var top = DirectoryHandle.Open(_project);
        using var directory = top.TryOpenBeneath(Relative);
        return directory?.Status(List.EntryOf(item)) is { } status && (kind is FileKind.Directory ? status.IsDirectory : status.IsRegular);
    }
}

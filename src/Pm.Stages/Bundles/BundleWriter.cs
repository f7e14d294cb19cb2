using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Packages.Tar;
using Pm.Remotes;
using Pm.Stages.Changes;
using Pm.Stages.Fetching;
using Pm.Stages.Roots;
using Pm.Storage.Packing;

namespace Pm.Stages.Bundles;

/// <summary>Writes a <see cref="Bundle"/>: the publishers' files as the remotes have them, each checked as for an installation.</summary>
/// <param name="session">Opened to change.</param>
/// <param name="gate">Who may sign.</param>
/// <param name="scratch">Directory for what is fetched, each file without a name.</param>
/// <param name="observer">Told what is fetched.</param>
public sealed class BundleWriter(RootSession session, SignatureGate gate, string scratch, StageObserver observer)
{
    /// <exception cref="StageException">PM7505: a remote has no <c>.pkg</c> of a package.</exception>
    /// <exception cref="RemoteException">Not readable, or not what was signed.</exception>
    /// <exception cref="PackageFormatException">Damaged, altered, or no package.</exception>
    /// <exception cref="Trust.TrustException">The gate refused one.</exception>
    public void Write(Stream target, IReadOnlyList<ProposedPackage> packages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(packages);
        observer.Expecting?.Invoke(ByteTotal.Of(packages, p => p.Available?.DownloadSize ?? 0));
        var tar = new TarWriter(target);
        foreach (var package in packages.OrderByDescending(p => p.IsAsked))
        {
            observer.Working?.Invoke(package.Id.ToString());
            using var pkg = Open(package, cancellation);
            _ = Check(pkg, package);
            var folder = package.IsAsked ? Bundle.AskedFolder : Bundle.NeededFolder;
            pkg.Position = 0;
            tar.WriteFile($"{folder}{package.Id.FileText}.pkg", PackageEntry.FileMode, pkg.Length, pkg);
        }

        tar.Finish();
    }

    /// <summary>One of them by itself: the publisher's file, at its beginning, and what it holds.</summary>
    /// <inheritdoc cref="Write"/>
    public (Package Package, bool IsSigned, Stream Pkg) OpenChecked(ProposedPackage package, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(package);
        observer.Working?.Invoke(package.Id.ToString());
        var pkg = Open(package, cancellation);
        try
        {
            var (expanded, isSigned) = Check(pkg, package);
            pkg.Position = 0;
            return (expanded, isSigned, pkg);
        }
        catch
        {
            pkg.Dispose();
            throw;
        }
    }

    Stream Open(ProposedPackage package, CancellationToken cancellation)
    {
        if (package.File is { } file)
        {
            return file.Open();
        }

        var available = package.Available!;
        var published = session.Catalogue.Published(available)!;
        if (published.Target is not { PkgDigest: not null, Package.DownloadSize: not null })
        {
            throw new StageException("PM7505", $"{package.Id}: remote `{available.Remote}` has no .pkg of it, so it cannot be in a bundle");
        }

        return Fetch(session.Client(session.Remotes.Find(available.Remote!)!), published, cancellation);
    }

    Stream Fetch(RepositoryClient client, PublishedPackage published, CancellationToken cancellation)
    {
        var copy = ScratchFile.Create(scratch);
        try
        {
            using var download = client.DownloadPkg(published, observer.Received);
            download.Cancellation = cancellation;
            using var verified = RepositoryClient.Verify(download, published);
            verified.CopyTo(copy);
            download.Complete();
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
    }

    /// <summary>What would be refused there is refused here, where it can be mended.</summary>
    (Package Package, bool IsSigned) Check(Stream pkg, ProposedPackage package)
    {
        // Not disposed: the file is read once more.
        pkg.Position = 0;
        var archive = PkgArchive.Open(pkg, $"{package.Id.FileText}.pkg");
        var signature = archive.SignedBy is { } by ? new Storage.SignatureFiles(archive.SignedManifest, by) : null;
        _ = package.File is { } named ? gate.Require(named, signature) : gate.Require(archive.Name, signature);
        var expanded = archive.Expand(new HashOnlyBlobs());
        PackageRules.RequireCovered(archive, expanded);
        if (package.File is { } file)
        {
            PackageRules.RequireSame(file, expanded);
        }
        else if (expanded.Id != package.Id)
        {
            throw new StageException("PM7501", $"asked for {package.Id}, got {expanded.Id} (validly signed)");
        }

        return (expanded, archive.SignedBy is not null);
    }
}

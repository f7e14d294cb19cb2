using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Stages.Changes;
using Pm.Storage;
using Pm.Storage.Packing;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Fetching;

/// <summary>
/// Takes packages in as their <c>.pkg</c>: judged by its signature when that has arrived, expanded while the rest does, and kept
/// when its end proved to be what was signed.
/// </summary>
/// <param name="gate">Who may sign.</param>
/// <param name="files">Reads a <c>.pkg</c> that is all there.</param>
/// <param name="scratch">Where one lies that cannot be read as it comes.</param>
/// <param name="observer">Told what is fetched.</param>
sealed class WholeFetcher(SignatureGate gate, FileIntake files, string scratch, StageObserver observer)
{
    /// <exception cref="RemoteException">Not readable, or not what was signed.</exception>
    /// <exception cref="PackageFormatException">It was signed so, but is no package.</exception>
    /// <exception cref="TrustException">The gate refused it.</exception>
    public IncomingPackage Take(WantedPackage.OfRemote wanted, IBlobSink sink, Action<Package, SignatureFiles?> save, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var download = Open(wanted, cancellation);
            using var verified = RepositoryClient.Verify(download, wanted.Published);
            try
            {
                download.Begin();
                var taken = TakeForward(wanted, verified, download.Name, sink);
                if (taken is { Package: var package, Signature: var signature, Signer: var signer })
                {
                    save(package, signature);
                    download.Complete();
                    return new IncomingPackage(package, signer);
                }

                Drain(wanted, verified);
                break;
            }
            catch (Exception e) when (wanted.Published.File is null && IsOfThisPlace(e))
            {
                // Nothing signed says which of several places is right: the one whose package is.
                observer.Expecting?.Invoke(download.Position);
                if (!download.Reject(e, attempt))
                {
                    if (!IsDamage(e) || e is TrustException)
                    {
                        throw;
                    }

                    break;
                }
            }
            catch (Exception e) when (IsDamage(e) || IsOfAnother(e, wanted.Published))
            {
                if (IsWhatWasSigned(verified, out var difference))
                {
                    if (e is TrustException)
                    {
                        throw;
                    }

                    break;
                }

                observer.Expecting?.Invoke(download.Position);
                if (!download.Reject(difference, attempt))
                {
                    System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(difference);
                }
            }
        }

        return TakeAll(wanted, sink, save, cancellation);
    }

    DownloadStream Open(WantedPackage.OfRemote wanted, CancellationToken cancellation)
    {
        var download = wanted.Client.DownloadPkg(wanted.Published, observer.Received);
        download.Cancellation = cancellation;
        observer.Expecting?.Invoke(-download.KeptLength);
        return download;
    }

    /// <returns>Null where root.tar comes before what judges it.</returns>
    (Package Package, SignatureFiles? Signature, Fingerprint? Signer)? TakeForward(
        WantedPackage.OfRemote wanted, Stream verified, string name, IBlobSink sink)
    {
        var published = wanted.Published;
        using var archive = PkgArchive.TryOpenForward(verified, name, LimitsOf(published));
        if (archive is null)
        {
            return null;
        }

        var signature = archive.SignedBy is { } by ? new SignatureFiles(archive.SignedManifest, by) : null;
        var signer = gate.Require(wanted, signature);
        var package = archive.Expand(sink);
        PackageRules.RequireCovered(archive, package);
        PackageRules.RequireSame(published, package, signer is not null, name);
        PackageRules.RequireSameDependencies(published, package, name);
        return (package, signature, signer);
    }

    /// <summary>Fetched, or what was kept of it, into a file first: the definitive word about an archive that could not be read as it came.</summary>
    IncomingPackage TakeAll(WantedPackage.OfRemote wanted, IBlobSink sink, Action<Package, SignatureFiles?> save, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            using var download = Open(wanted, cancellation);
            try
            {
                return TakeAll(wanted, download, sink, save);
            }
            catch (Exception e) when (wanted.Published.File is null && IsOfThisPlace(e) && download.Reject(e, attempt))
            {
                observer.Expecting?.Invoke(download.Position);
            }
        }
    }

    IncomingPackage TakeAll(WantedPackage.OfRemote wanted, DownloadStream download, IBlobSink sink, Action<Package, SignatureFiles?> save)
    {
        using var copy = ScratchFile.Create(scratch);
        using (var verified = RepositoryClient.Verify(download, wanted.Published))
        {
            download.Begin();
            verified.CopyTo(copy);
            download.Complete();
        }

        copy.Position = 0;
        var (package, signature, signer) = files.Read(copy, download.Name, sink, LimitsOf(wanted.Published));
        PackageRules.RequireSame(wanted.Published, package, signer is not null, download.Name);
        PackageRules.RequireSameDependencies(wanted.Published, package, download.Name);
        save(package, signature);
        return new IncomingPackage(package, signer);
    }

    static PkgLimits LimitsOf(PublishedPackage published) =>
        PkgLimits.Default with { MaximumContentBytes = published.Target.Package.SizeInBytes ?? long.MaxValue };

    /// <summary>Whether a failure may come of bytes that were altered on the way, a signature's among them.</summary>
    static bool IsDamage(Exception failure) =>
        RepositoryClient.IsWrong(failure) || failure is TrustException { Code: "PM3002" or "PM3003" };

    /// <summary>
    /// Whether the repository says that somebody else signed the package, or that anybody did: then it may not be that package at all.
    /// Where it says the same the rest need not come to refuse it.
    /// </summary>
    static bool IsOfAnother(Exception failure, PublishedPackage published) => failure is TrustException refused
        && (refused.Signer is { } signer ? published.Target.Package.Signer?.EndsWith(signer, StringComparison.OrdinalIgnoreCase) != true : published.Target.Package.Signer is not null);

    /// <summary>Whether another place may have a package that passes, where nothing but the package itself is signed.</summary>
    static bool IsOfThisPlace(Exception failure) => IsDamage(failure) || failure is TrustException or StageException { Code: "PM7501" };

    /// <summary>To the end, which tells whether it is what was signed; where nothing signed says so, the rest is not asked for.</summary>
    static void Drain(WantedPackage.OfRemote wanted, Stream verified)
    {
        if (wanted.Published.File is not null)
        {
            verified.CopyTo(Stream.Null);
        }
    }

    /// <summary>Whatever is wrong with an archive: that its bytes are not what was signed is the news.</summary>
    static bool IsWhatWasSigned(Stream verified, out Exception difference)
    {
        try
        {
            verified.CopyTo(Stream.Null);
            difference = null!;
            return true;
        }
        catch (RemoteException e) when (RepositoryClient.IsWrong(e))
        {
            difference = e;
            return false;
        }
    }
}

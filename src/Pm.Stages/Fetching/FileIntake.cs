using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Stages.Changes;
using Pm.Storage;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Fetching;

/// <summary>Reads a <c>.pkg</c> that is all there: signature first, then its content.</summary>
sealed class FileIntake(SignatureGate gate)
{
    /// <summary>Reads one that lies on this machine.</summary>
    /// <inheritdoc cref="Read(Stream, string, IBlobSink, PkgLimits?)"/>
    public (Package Package, SignatureFiles? Signature, Fingerprint? Signer) Read(Stream pkg, LocalFile file, IBlobSink sink) =>
        Read(pkg, file.Name, sink, null, signature => gate.Require(file, signature));

    /// <param name="pkg">Seekable; disposed.</param>
    /// <param name="name">The file in messages.</param>
    /// <param name="sink">Where its content goes.</param>
    /// <param name="limits">What it may ask for; null: the usual.</param>
    /// <exception cref="PackageFormatException">Damaged, altered, or not such a file.</exception>
    /// <exception cref="Trust.TrustException">The gate refused it.</exception>
    public (Package Package, SignatureFiles? Signature, Fingerprint? Signer) Read(Stream pkg, string name, IBlobSink sink, PkgLimits? limits = null) =>
        Read(pkg, name, sink, limits, signature => gate.Require(name, signature));

    static (Package Package, SignatureFiles? Signature, Fingerprint? Signer) Read(Stream pkg, string name, IBlobSink sink, PkgLimits? limits, Func<SignatureFiles?, Fingerprint?> require)
    {
        using var archive = PkgArchive.Open(pkg, name, limits);
        var signature = archive.SignedBy is { } by ? new SignatureFiles(archive.SignedManifest, by) : null;
        var signer = require(signature);
        var package = archive.Expand(sink);
        PackageRules.RequireCovered(archive, package);
        return (package, signature, signer);
    }
}

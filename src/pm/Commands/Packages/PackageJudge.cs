using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Storage;
using Pm.Storage.Keys;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Commands.Packages;

/// <summary>Whether a package file is whole and signed by somebody this root trusts.</summary>
static class PackageJudge
{
    /// <returns>The package and who signed it.</returns>
    /// <exception cref="TrustException">It is unsigned, or nobody trusted signed it.</exception>
    /// <exception cref="PackageFormatException">It is damaged or altered.</exception>
    public static (Package Package, SignerDecision.Accepted Signer) Judge(PmContext context, PackageFile file, string name)
    {
        var files = file is { Manifest: { } manifest, Signature: { } signature } ? new SignatureFiles(manifest, signature) : null;
        var decision = PublisherSignature.Decide(
            Keyring.OpenAt(context.Settings.Root), Signatures.Program(context), files, context.Cancellation);
        if (decision is not SignerDecision.Accepted accepted)
        {
            throw ((SignerDecision.Refused)decision).ToException(name);
        }

        var package = file.Expand(new HashOnlyBlobs());

        // A signature over a .far, or over the publisher's own tar, counts only through the package hash it names.
        var speaks = file.IsFar || (file.Pkg is { IsRebuilt: true, Signature: null });
        if (speaks && !PkgManifest.Covers(ChecksumList.Parse(file.Manifest!.Value.Span, name), package.Hash))
        {
            throw new PackageFormatException("PM2304", $"the signed manifest does not name the package hash {package.Hash}", name);
        }

        return (package, accepted);
    }
}

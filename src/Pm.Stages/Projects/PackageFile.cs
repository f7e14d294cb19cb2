using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Storage;
using Pm.Storage.Packing;

namespace Pm.Stages.Projects;

/// <summary>Makes a <c>.pkg</c> of a package in the store: the same package gives the same bytes, and the publisher's signature goes with it.</summary>
static class PackageFile
{
    /// <exception cref="StageException">PM7244: its signature is of the publisher's file alone.</exception>
    public static void Write(Store store, MerkleRoot hash, Stream target, string scratch)
    {
        var package = store.Require(hash);
        var signature = store.FindSignature(hash);
        if (signature is not null && !PkgManifest.Covers(ChecksumList.Parse(signature.Manifest.Span, package.Id.FileText), hash))
        {
            throw new StageException(
                "PM7244", $"{package.Id} was made by hand: its signature is of the publisher's file, and not of what is in it", "ask its publisher to make it with `pm pkg create`");
        }

        using var compressed = ScratchFile.Create(scratch);
        PkgWriter.Write(target, compressed, package, store.OpenBlob, new PkgWriteOptions
        {
            OriginManifest = signature?.Manifest,
            OriginSignature = signature?.Signature,
        });
    }
}

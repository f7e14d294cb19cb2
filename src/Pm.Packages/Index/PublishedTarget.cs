using System.Text.Json;
using Pm.Blobs;
using Pm.Codecs;

namespace Pm.Packages.Index;

/// <summary>
/// What a repository says of a package under <c>custom</c> of its target, signed with the metadata: all that a client
/// needs before it fetches anything. Source: docs/formats/repository.md.
/// </summary>
/// <param name="Package">As <c>available.json</c> has it; its hash is Fuchsia's <c>merkle</c>.</param>
public sealed record PublishedTarget(AvailablePackage Package)
{
    /// <summary>Bytes of the meta.far, Fuchsia's <c>size</c>; null when the package travels as its <c>.pkg</c> alone.</summary>
    public long? MetaSizeInBytes { get; init; }

    /// <summary>The package's <c>blobs.json</c>, itself a blob; null when the package travels as its <c>.pkg</c> alone.</summary>
    public (MerkleRoot Root, long SizeInBytes)? BlobList { get; init; }

    /// <summary>Bytes of the compressed sibling of <see cref="BlobList"/>; null when there is none.</summary>
    public long? BlobListCompressedSize { get; init; }

    /// <summary>The publisher's <c>.pkg</c>, whose size is <see cref="AvailablePackage.DownloadSize"/>; null when there is none.</summary>
    public Sha256Digest? PkgDigest { get; init; }

    /// <summary>File name of the publisher's <c>.pkg</c> in the repository.</summary>
    public string PkgName => $"{Package.Id.FileText}.pkg";

    /// <summary>The target's path: <c>owner--name/version</c>.</summary>
    public string TargetPath => PathOf(Package.Id);

    public static string PathOf(PackageId id) => $"{id.Name.FileText}/{id.Version.Text}";

    /// <param name="targetPath">Where the object stands, so that a package cannot be published under another's name.</param>
    /// <param name="custom">The object.</param>
    /// <exception cref="PackageFormatException">PM2017: it says neither a hash nor a <c>.pkg</c>, or a field has another type or value.</exception>
    public static PublishedTarget Parse(string targetPath, JsonElement custom) =>
        new PublishedTargetReader(targetPath, custom).Read();

    public void WriteTo(Utf8JsonWriter json) => PublishedTargetWriter.Write(json, this);
}

using Pm.Blobs;
using Pm.Packages;

namespace Pm.Repositories;

/// <summary>What became of one file that was to be published.</summary>
/// <param name="File">Its path as given.</param>
/// <param name="Id">The package in it.</param>
/// <param name="Hash">Null where it travels as its <c>.pkg</c> alone.</param>
/// <param name="Signer">The fingerprint of who signed it; null where nobody did.</param>
/// <param name="IsNew">False: the same package was there already, and stays as it is.</param>
public sealed record PublishedItem(string File, PackageId Id, MerkleRoot? Hash, string? Signer, bool IsNew)
{
    /// <summary>Whether the published <c>.pkg</c> is this file; another one may have the same package in it, and another signature.</summary>
    public bool IsSameFile { get; init; } = true;
}

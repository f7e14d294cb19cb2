using Pm.Blobs;
using Pm.Packages;
using Pm.Trust.OpenPgp;

namespace Pm.Storage;

/// <summary>One package of a generation.</summary>
public sealed record InstalledPackage
{
    public required PackageId Id { get; init; }

    /// <summary>The package hash: commits to every file, mode and script.</summary>
    public required MerkleRoot Hash { get; init; }

    /// <summary>The primary fingerprint of who signed it; null: installed unsigned, on demand.</summary>
    public Fingerprint? Signer { get; init; }

    /// <summary>The name of the remote it came from; null: a local file.</summary>
    public string? Remote { get; init; }

    /// <summary>Whether somebody asked for it; otherwise it came as a dependency and autoremove may take it.</summary>
    public bool IsAsked { get; init; } = true;

    /// <summary>Whether updates leave it as it is.</summary>
    public bool IsPinned { get; init; }
}

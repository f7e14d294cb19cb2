using Pm.Packages.Pkg;
using Pm.Trust.OpenPgp;

namespace Pm.Repositories;

/// <summary>Whose packages are taken.</summary>
public sealed record PublishOptions
{
    /// <summary>
    /// Decides about a package by its manifest and detached signature: gpgv against the publisher's ring, then
    /// <see cref="SignerPolicy"/>. Not asked where there is no signature.
    /// </summary>
    public required Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>, SignerDecision> Judge { get; init; }

    /// <summary>Take packages without a signature. One that is bad or by an unknown key is refused all the same.</summary>
    public bool AllowsUnsigned { get; init; }

    /// <summary>What a package may ask for.</summary>
    public PkgLimits Limits { get; init; } = PkgLimits.Default;

    /// <summary>The armoured public key of a signer, to be handed out under <c>publishers/</c>; null: none.</summary>
    public Func<Fingerprint, ReadOnlyMemory<byte>?>? PublicKey { get; init; }
}

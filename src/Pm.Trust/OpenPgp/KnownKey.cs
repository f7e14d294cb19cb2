namespace Pm.Trust.OpenPgp;

/// <summary>A public key of pm's own ring.</summary>
/// <param name="Fingerprint">Of the primary key.</param>
/// <param name="UserId">Its first user id: unverified text.</param>
/// <param name="State">What the ring's owner said about it.</param>
/// <param name="Created">When it was made, if known.</param>
/// <param name="Expires">Null: never.</param>
public sealed record KnownKey(
    Fingerprint Fingerprint, string UserId, TrustState State, DateTimeOffset? Created = null, DateTimeOffset? Expires = null);

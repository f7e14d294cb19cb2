using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <summary>One primary key as GnuPG lists it.</summary>
/// <param name="UserId">Its first user id that is not revoked, fit to be shown.</param>
/// <param name="IsRevoked">Revoked by its owner.</param>
/// <param name="IsExpired">As GnuPG judges by the clock of this machine.</param>
sealed record ListedKey(
    Fingerprint Fingerprint, string UserId, bool IsSecret, bool IsRevoked, bool IsExpired,
    DateTimeOffset? Created, DateTimeOffset? Expires)
{
    public KnownKey ToKnown(TrustState trust) =>
        new(Fingerprint, UserId, IsRevoked ? TrustState.Revoked : trust, Created, Expires);
}

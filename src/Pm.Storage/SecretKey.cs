using Pm.Trust.OpenPgp;

namespace Pm.Storage;

/// <summary>A key that the user's GnuPG can sign with.</summary>
/// <param name="Fingerprint">Of the primary key.</param>
/// <param name="UserId">Its first user id.</param>
public sealed record SecretKey(Fingerprint Fingerprint, string UserId);

namespace Pm.Trust.Tuf;

/// <summary>The root that a repository offers is not the one whose fingerprint was given.</summary>
public sealed class FirstTrustException(string message, string? hint = null) : TrustException("PM3025", message, hint);

namespace Pm.Trust.OpenPgp;

/// <summary>What the owner of a ring said about a key in it.</summary>
public enum TrustState
{
    /// <summary>In the ring, and nobody said that its signatures are to be believed.</summary>
    Known,

    /// <summary>Packages signed by it are accepted.</summary>
    Trusted,

    /// <summary>Withdrawn by its owner: nothing signed by it is accepted any more.</summary>
    Revoked,
}

namespace Pm.Trust.OpenPgp;

/// <summary>What checking one detached OpenPGP signature found out. It says nothing yet about whether the signer is trusted.</summary>
public abstract record SignatureCheck
{
    private protected SignatureCheck()
    {
    }

    /// <summary>One signature, mathematically right, by a key that is neither expired nor revoked.</summary>
    /// <param name="Primary">The fingerprint of the primary key: what trust is given to.</param>
    /// <param name="SigningKey">The key or subkey that signed.</param>
    /// <param name="UserId">The key's first user id, as its owner wrote it: unverified text.</param>
    /// <param name="Made">When the signer says it was signed.</param>
    public sealed record Good(Fingerprint Primary, Fingerprint SigningKey, string UserId, DateTimeOffset Made)
        : SignatureCheck;

    /// <summary>There is no signature.</summary>
    public sealed record Missing : SignatureCheck;

    /// <summary>What stands in the signature's place is not one detached signature.</summary>
    public sealed record Malformed(string Reason) : SignatureCheck;

    /// <summary>More than one signature.</summary>
    public sealed record Several(int Count) : SignatureCheck;

    /// <summary>The signed bytes or the signature were altered.</summary>
    public sealed record Bad(string KeyId, string UserId) : SignatureCheck;

    /// <summary>The ring does not hold the key.</summary>
    /// <param name="Key">A fingerprint where the signature tells it, else a long key id: a claim.</param>
    public sealed record UnknownKey(string Key) : SignatureCheck;

    public sealed record ExpiredKey(Fingerprint Primary, string UserId, DateTimeOffset? Expired) : SignatureCheck;

    public sealed record ExpiredSignature(Fingerprint Primary, string UserId, DateTimeOffset? Expired) : SignatureCheck;

    public sealed record RevokedKey(Fingerprint Primary, string UserId) : SignatureCheck;

    /// <summary>Made in a way that proves nothing or that is not understood: SHA-1, a text signature, an unknown algorithm.</summary>
    public sealed record Unacceptable(string KeyId, string Reason) : SignatureCheck;
}

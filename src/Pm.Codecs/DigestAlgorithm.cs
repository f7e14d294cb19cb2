namespace Pm.Codecs;

/// <summary>The digests pm computes. Source: FIPS 180-4.</summary>
public enum DigestAlgorithm
{
    /// <summary>32 bytes.</summary>
    Sha256,

    /// <summary>64 bytes.</summary>
    Sha512,
}

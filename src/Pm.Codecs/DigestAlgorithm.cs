namespace Pm.Codecs;

/// <summary>The digests pm computes. Source: FIPS 180-4.</summary>
public enum DigestAlgorithm
{
    /// <summary>20 bytes: what git names things by. No proof against who makes two contents of one digest on purpose.</summary>
    Sha1,

    /// <summary>32 bytes.</summary>
    Sha256,

    /// <summary>64 bytes.</summary>
    Sha512,
}

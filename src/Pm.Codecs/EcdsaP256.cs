using Pm.Codecs.Native;

namespace Pm.Codecs;

/// <summary>ECDSA signatures over the curve P-256 with SHA-256, in DER. Source: FIPS 186-5; RFC 5480.</summary>
public static class EcdsaP256
{
    /// <summary>Bytes of an uncompressed point: 4, x, y.</summary>
    public const int PointSize = 65;

    const byte Uncompressed = 4;

    /// <summary>What stands before an uncompressed point in the DER form of X.509. Source: RFC 5480, 2.</summary>
    static ReadOnlySpan<byte> X509Prefix =>
    [
        0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01,
        0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00,
    ];

    /// <summary>A public key from the DER form of X.509, in the one form that <see cref="Verify"/> takes: two texts of one key give the same bytes.</summary>
    /// <returns>Null where it is no key of this curve.</returns>
    public static byte[]? ReadKey(ReadOnlySpan<byte> der)
    {
        using var key = KeyHandle.OfX509(der);
        if (key is null || !X509Key.IsA(key, "EC\0"u8) || !X509Key.IsOfGroup(key, "prime256v1"u8))
        {
            return null;
        }

        X509Key.Uncompress(key);
        return X509Key.ToDer(key);
    }

    /// <summary>A public key from its uncompressed point.</summary>
    /// <returns>Null where it is no point of the curve.</returns>
    public static byte[]? ReadPoint(ReadOnlySpan<byte> point) =>
        point.Length == PointSize && point[0] == Uncompressed ? ReadKey([.. X509Prefix, .. point]) : null;

    /// <summary>Whether <paramref name="signature"/> is <paramref name="publicKey"/>'s over <paramref name="message"/>.</summary>
    /// <param name="publicKey">As <see cref="ReadKey"/> gave it; another is a wrong one: false.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">In DER.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = KeyHandle.OfX509(publicKey);
        return key is not null && X509Key.IsA(key, "EC\0"u8)
            && SignatureVerification.Run(key, LibCrypto.Digest(DigestAlgorithm.Sha256), message, signature);
    }
}

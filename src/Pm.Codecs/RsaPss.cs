using Pm.Codecs.Native;

namespace Pm.Codecs;

/// <summary>RSA signatures with PSS padding and SHA-256, also in its mask. Source: RFC 8017, 8.1.</summary>
public static class RsaPss
{
    /// <summary>Shorter keys are refused. Source: TUF 4.2.2.</summary>
    public const int SmallestKey = 2048;

    /// <summary>Longer ones would make a stranger's signature cost as long as he likes.</summary>
    public const int LargestKey = 8192;

    /// <summary>RSA_PKCS1_PSS_PADDING. Source: openssl/rsa.h.</summary>
    const int PssPadding = 6;

    /// <summary>RSA_PSS_SALTLEN_AUTO: signers use salts as long as the digest, or as long as fits. Source: openssl/rsa.h.</summary>
    const int SaltOfAnyLength = -2;

    /// <summary>A public key from the DER form of X.509, in the one form that <see cref="Verify"/> takes.</summary>
    /// <returns>Null where it is no RSA key, or one that is too short or too long.</returns>
    public static byte[]? ReadKey(ReadOnlySpan<byte> der)
    {
        using var key = KeyHandle.OfX509(der);
        return key is not null && IsGood(key) ? X509Key.ToDer(key) : null;
    }

    /// <summary>Whether <paramref name="signature"/> is <paramref name="publicKey"/>'s over <paramref name="message"/>.</summary>
    /// <param name="publicKey">As <see cref="ReadKey"/> gave it; another is a wrong one: false.</param>
    /// <param name="message">What was signed.</param>
    /// <param name="signature">As long as the key, in whole bytes; a shorter one is refused though libcrypto takes it for one with leading zeros. Source: RFC 8017, 8.1.2, step 1.</param>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        using var key = KeyHandle.OfX509(publicKey);
        return key is not null && IsGood(key)
            && signature.Length == (Bits(key) + 7) / 8
            && SignatureVerification.Run(key, LibCrypto.Digest(DigestAlgorithm.Sha256), message, signature, Prepare);
    }

    static bool IsGood(KeyHandle key) =>
        X509Key.IsA(key, "RSA\0"u8) && Bits(key) is >= SmallestKey and <= LargestKey;

    static int Bits(KeyHandle key) => LibCrypto.EVP_PKEY_get_bits(key.DangerousGetHandle());

    static bool Prepare(nint keyContext) => LibCrypto.EVP_PKEY_CTX_set_rsa_padding(keyContext, PssPadding) == 1
        && LibCrypto.EVP_PKEY_CTX_set_rsa_pss_saltlen(keyContext, SaltOfAnyLength) == 1;
}

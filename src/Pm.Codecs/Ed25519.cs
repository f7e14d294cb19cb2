using Pm.Codecs.Native;

namespace Pm.Codecs;

/// <summary>Ed25519 signatures over whole messages, with raw keys. Source: RFC 8032, 5.1.</summary>
public static unsafe class Ed25519
{
    /// <summary>Size of a seed (the secret key) in bytes.</summary>
    public const int SeedSize = 32;

    /// <summary>Size of a public key in bytes.</summary>
    public const int PublicKeySize = 32;

    /// <summary>Size of a signature in bytes.</summary>
    public const int SignatureSize = 64;

    /// <summary>Writes the public key that belongs to <paramref name="seed"/>.</summary>
    /// <exception cref="ArgumentException">A span has the wrong size.</exception>
    public static void PublicKey(ReadOnlySpan<byte> seed, Span<byte> publicKey)
    {
        CheckSize(seed.Length, SeedSize, nameof(seed));
        CheckSize(publicKey.Length, PublicKeySize, nameof(publicKey));
        using var key = KeyHandle.OfSeed(seed);
        nuint length = PublicKeySize;
        fixed (byte* bytes = publicKey)
        {
            Check(LibCrypto.EVP_PKEY_get_raw_public_key(key.DangerousGetHandle(), bytes, &length),
                "EVP_PKEY_get_raw_public_key");
        }
    }

    /// <summary>Signs <paramref name="message"/>; the same inputs give the same signature.</summary>
    /// <exception cref="ArgumentException">A span has the wrong size.</exception>
    public static void Sign(ReadOnlySpan<byte> seed, ReadOnlySpan<byte> message, Span<byte> signature)
    {
        CheckSize(seed.Length, SeedSize, nameof(seed));
        CheckSize(signature.Length, SignatureSize, nameof(signature));
        using var key = KeyHandle.OfSeed(seed);
        using var context = DigestContextHandle.Create();
        Check(LibCrypto.EVP_DigestSignInit(context.DangerousGetHandle(), 0, 0, 0, key.DangerousGetHandle()),
            "EVP_DigestSignInit");
        nuint length = SignatureSize;
        fixed (byte* output = signature, data = message)
        {
            Check(LibCrypto.EVP_DigestSign(
                context.DangerousGetHandle(), output, &length, SignatureVerification.NotNull(data), (nuint)message.Length), "EVP_DigestSign");
        }
    }

    /// <summary>Whether <paramref name="signature"/> is <paramref name="publicKey"/>'s over <paramref name="message"/>.
    /// A key or signature of the wrong size is a wrong one: false.</summary>
    public static bool Verify(ReadOnlySpan<byte> publicKey, ReadOnlySpan<byte> message, ReadOnlySpan<byte> signature)
    {
        if (publicKey.Length != PublicKeySize || signature.Length != SignatureSize)
        {
            return false;
        }

        using var key = KeyHandle.OfPublic(publicKey);
        return SignatureVerification.Run(key, digest: 0, message, signature);
    }

    static void CheckSize(int actual, int expected, string parameter)
    {
        if (actual != expected)
        {
            throw new ArgumentException($"expected {expected} bytes, got {actual}", parameter);
        }
    }

    static void Check(int result, string call)
    {
        if (result != 1)
        {
            throw LibCrypto.Failure(call);
        }
    }
}

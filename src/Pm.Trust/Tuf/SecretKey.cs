using System.Security.Cryptography;
using Pm.Codecs;

namespace Pm.Trust.Tuf;

/// <summary>An Ed25519 key pair of a repository's role.</summary>
public sealed class SecretKey : ISigner
{
    readonly byte[] _seed;

    /// <param name="seed">32 bytes.</param>
    public SecretKey(ReadOnlySpan<byte> seed)
    {
        _seed = seed.ToArray();
        Span<byte> publicKey = stackalloc byte[Ed25519.PublicKeySize];
        Ed25519.PublicKey(_seed, publicKey);
        Public = TufKey.FromEd25519(publicKey);
    }

    public TufKey Public { get; }

    internal ReadOnlySpan<byte> Seed => _seed;

    /// <summary>A new key from the system's random source.</summary>
    public static SecretKey Create()
    {
        Span<byte> seed = stackalloc byte[Ed25519.SeedSize];
        RuntimeCryptography.Require();
        RandomNumberGenerator.Fill(seed);
        var key = new SecretKey(seed);
        CryptographicOperations.ZeroMemory(seed);
        return key;
    }

    public byte[] Sign(ReadOnlySpan<byte> message)
    {
        var signature = new byte[Ed25519.SignatureSize];
        Ed25519.Sign(_seed, message, signature);
        return signature;
    }
}

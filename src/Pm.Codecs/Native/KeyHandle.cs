using Microsoft.Win32.SafeHandles;

namespace Pm.Codecs.Native;

/// <summary>An EVP_PKEY that holds a raw Ed25519 key; freeing it wipes a secret one. Source: EVP_PKEY_new(3).</summary>
sealed unsafe class KeyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    KeyHandle(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>A private key from its 32-byte seed.</summary>
    internal static KeyHandle OfSeed(ReadOnlySpan<byte> seed)
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        fixed (byte* bytes = seed)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_private_key(LibCrypto.Ed25519, 0, bytes, (nuint)seed.Length);
            return key != 0 ? new KeyHandle(key) : throw LibCrypto.Failure("EVP_PKEY_new_raw_private_key");
        }
    }

    /// <summary>A public key from its 32 bytes.</summary>
    internal static KeyHandle OfPublic(ReadOnlySpan<byte> publicKey)
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        fixed (byte* bytes = publicKey)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.Ed25519, 0, bytes, (nuint)publicKey.Length);
            return key != 0 ? new KeyHandle(key) : throw LibCrypto.Failure("EVP_PKEY_new_raw_public_key");
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}

using Microsoft.Win32.SafeHandles;

namespace Pm.Codecs.Native;

/// <summary>An EVP_PKEY; freeing it wipes a secret one. Source: EVP_PKEY_new(3), d2i_X509(3).</summary>
sealed unsafe class KeyHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    KeyHandle(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    /// <summary>An Ed25519 private key from its 32-byte seed.</summary>
    internal static KeyHandle OfSeed(ReadOnlySpan<byte> seed)
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        fixed (byte* bytes = seed)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_private_key(LibCrypto.Ed25519, 0, bytes, (nuint)seed.Length);
            return key != 0 ? new KeyHandle(key) : throw LibCrypto.Failure("EVP_PKEY_new_raw_private_key");
        }
    }

    /// <summary>An Ed25519 public key from its 32 bytes.</summary>
    internal static KeyHandle OfPublic(ReadOnlySpan<byte> publicKey)
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        fixed (byte* bytes = publicKey)
        {
            var key = LibCrypto.EVP_PKEY_new_raw_public_key(LibCrypto.Ed25519, 0, bytes, (nuint)publicKey.Length);
            return key != 0 ? new KeyHandle(key) : throw LibCrypto.Failure("EVP_PKEY_new_raw_public_key");
        }
    }

    /// <summary>A public key from the DER form of X.509; null where it is none, or something follows it.</summary>
    internal static KeyHandle? OfX509(ReadOnlySpan<byte> der)
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        fixed (byte* bytes = der)
        {
            var end = bytes;
            var key = der.IsEmpty ? 0 : LibCrypto.d2i_PUBKEY(0, &end, der.Length);
            // Why it is none must not stay behind for the next caller on this thread.
            LibCrypto.ERR_clear_error();
            if (key == 0)
            {
                return null;
            }

            var handle = new KeyHandle(key);
            if (end == bytes + der.Length)
            {
                return handle;
            }

            handle.Dispose();
            return null;
        }
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_PKEY_free(handle);
        return true;
    }
}

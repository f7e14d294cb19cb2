namespace Pm.Codecs.Native;

/// <summary>Public keys in the DER form of X.509 (SubjectPublicKeyInfo, RFC 5280, 4.1.2.7).</summary>
static unsafe class X509Key
{
    /// <summary>Whether a key is of a type, by libcrypto's name for it.</summary>
    internal static bool IsA(KeyHandle key, ReadOnlySpan<byte> name)
    {
        fixed (byte* text = name)
        {
            return LibCrypto.EVP_PKEY_is_a(key.DangerousGetHandle(), text) == 1;
        }
    }

    /// <summary>Whether a key of an elliptic curve is of this one.</summary>
    internal static bool IsOfGroup(KeyHandle key, ReadOnlySpan<byte> name)
    {
        const int longest = 64;
        var actual = stackalloc byte[longest];
        nuint length = 0;
        var isNamed = LibCrypto.EVP_PKEY_get_group_name(key.DangerousGetHandle(), actual, longest, &length) == 1;
        LibCrypto.ERR_clear_error();
        return isNamed && length < longest && new ReadOnlySpan<byte>(actual, (int)length).SequenceEqual(name);
    }

    /// <summary>Makes the one form of a point of an elliptic curve that all keys are written in.</summary>
    internal static void Uncompress(KeyHandle key)
    {
        fixed (byte* parameter = "point-format\0"u8, value = "uncompressed\0"u8)
        {
            if (LibCrypto.EVP_PKEY_set_utf8_string_param(key.DangerousGetHandle(), parameter, value) != 1)
            {
                throw LibCrypto.Failure("EVP_PKEY_set_utf8_string_param");
            }
        }
    }

    internal static byte[] ToDer(KeyHandle key)
    {
        var length = LibCrypto.i2d_PUBKEY(key.DangerousGetHandle(), null);
        if (length <= 0)
        {
            throw LibCrypto.Failure("i2d_PUBKEY");
        }

        var der = new byte[length];
        fixed (byte* bytes = der)
        {
            var end = bytes;
            return LibCrypto.i2d_PUBKEY(key.DangerousGetHandle(), &end) == length ? der : throw LibCrypto.Failure("i2d_PUBKEY");
        }
    }
}

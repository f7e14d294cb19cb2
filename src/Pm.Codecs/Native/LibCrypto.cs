using System.Runtime.InteropServices;

namespace Pm.Codecs.Native;

/// <summary>The functions of libcrypto that pm calls, with blittable signatures. Source: OpenSSL 3.0 manual pages.</summary>
static unsafe partial class LibCrypto
{
    /// <summary>NID_ED25519. Source: openssl/obj_mac.h.</summary>
    internal const int Ed25519 = 1087;

    /// <summary>Fetched once: each fetch takes a lock and a search of the providers.</summary>
    static readonly Lazy<nint> Sha256 = new(() => Fetch("SHA256\0"u8));
    static readonly Lazy<nint> Sha1 = new(() => Fetch("SHA1\0"u8));
    static readonly Lazy<nint> Sha512 = new(() => Fetch("SHA512\0"u8));

    /// <summary>The EVP_MD of <paramref name="algorithm"/>, which lives as long as the process.</summary>
    internal static nint Digest(DigestAlgorithm algorithm) => algorithm switch
    {
        DigestAlgorithm.Sha1 => Sha1.Value,
        DigestAlgorithm.Sha256 => Sha256.Value,
        DigestAlgorithm.Sha512 => Sha512.Value,
        _ => throw new ArgumentOutOfRangeException(nameof(algorithm), algorithm, "no such digest"),
    };

    /// <summary>Takes the oldest error off this thread's queue and clears the rest.</summary>
    internal static CodecException Failure(string call)
    {
        var code = ERR_get_error();
        ERR_clear_error();
        var text = stackalloc byte[256];
        ERR_error_string_n(code, text, 256);
        return CodecException.Refused(call, code == 0 ? "no reason given" : Marshal.PtrToStringUTF8((nint)text)!);
    }

    static nint Fetch(ReadOnlySpan<byte> name)
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        fixed (byte* pointer = name)
        {
            var digest = EVP_MD_fetch(0, pointer, null);
            return digest != 0 ? digest : throw Failure("EVP_MD_fetch");
        }
    }

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial nint EVP_MD_CTX_new();

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial nint EVP_MD_fetch(nint libraryContext, byte* algorithm, byte* properties);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestInit_ex2(nint context, nint digest, nint parameters);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestUpdate(nint context, byte* data, nuint length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestFinal_ex(nint context, byte* digest, uint* length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial nint EVP_PKEY_new_raw_private_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial nint EVP_PKEY_new_raw_public_key(int type, nint engine, byte* key, nuint length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_get_raw_public_key(nint key, byte* bytes, nuint* length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial void EVP_PKEY_free(nint key);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial nint d2i_PUBKEY(nint key, byte** bytes, nint length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int i2d_PUBKEY(nint key, byte** bytes);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_is_a(nint key, byte* name);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_get_bits(nint key);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_get_group_name(nint key, byte* name, nuint size, nuint* length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_set_utf8_string_param(nint key, byte* parameter, byte* value);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_CTX_set_rsa_padding(nint keyContext, int padding);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_PKEY_CTX_set_rsa_pss_saltlen(nint keyContext, int length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestSignInit(nint context, nint keyContext, nint digest, nint engine, nint key);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestSign(
        nint context, byte* signature, nuint* signatureLength, byte* data, nuint length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestVerifyInit(nint context, nint* keyContext, nint digest, nint engine, nint key);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial int EVP_DigestVerify(
        nint context, byte* signature, nuint signatureLength, byte* data, nuint length);

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial nuint ERR_get_error();

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial void ERR_clear_error();

    [LibraryImport(SystemLibrary.Crypto)]
    internal static partial void ERR_error_string_n(nuint code, byte* text, nuint size);
}

using Microsoft.Win32.SafeHandles;

namespace Pm.Codecs.Native;

/// <summary>An EVP_MD_CTX. Source: EVP_DigestInit(3).</summary>
sealed class DigestContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    DigestContextHandle(nint handle) : base(ownsHandle: true) => SetHandle(handle);

    internal static DigestContextHandle Create()
    {
        SystemLibrary.Require(SystemLibrary.Crypto);
        var context = LibCrypto.EVP_MD_CTX_new();
        return context != 0 ? new DigestContextHandle(context) : throw LibCrypto.Failure("EVP_MD_CTX_new");
    }

    protected override bool ReleaseHandle()
    {
        LibCrypto.EVP_MD_CTX_free(handle);
        return true;
    }
}

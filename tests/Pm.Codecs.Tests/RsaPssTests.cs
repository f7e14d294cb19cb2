using System.Security.Cryptography;
using Xunit;

namespace Pm.Codecs.Tests;

public sealed class RsaPssTests : IDisposable
{
    readonly RSA _secret = RSA.Create(2048);
    readonly byte[] _key;
    readonly byte[] _signature;

    public RsaPssTests()
    {
        _key = RsaPss.ReadKey(_secret.ExportSubjectPublicKeyInfo())!;
        _signature = _secret.SignData("message"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
    }

    [Fact]
    public void A_key_verifies_what_its_secret_half_signed_and_nothing_else()
    {
        Assert.True(RsaPss.Verify(_key, "message"u8, _signature));
        Assert.False(RsaPss.Verify(_key, "massage"u8, _signature));
        Assert.False(RsaPss.Verify(_key, "message"u8, _signature.AsSpan(1)));
        Assert.False(RsaPss.Verify(_key, "message"u8, []));
    }

    /// <summary>A signature is a number, and one of 256 begins with a zero: without it, it is the same number and another signature.</summary>
    [Fact]
    public void A_signature_without_its_leading_zero_is_none()
    {
        byte[] signature;
        do
        {
            signature = _secret.SignData("message"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);
        }
        while (signature[0] != 0);

        Assert.True(RsaPss.Verify(_key, "message"u8, signature));
        Assert.False(RsaPss.Verify(_key, "message"u8, signature.AsSpan(1)));
        Assert.False(RsaPss.Verify(_key, "message"u8, [0, .. signature]));
    }

    [Fact]
    public void Other_paddings_and_other_digests_are_refused()
    {
        Assert.False(RsaPss.Verify(_key, "message"u8, _secret.SignData("message"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)));
        Assert.False(RsaPss.Verify(_key, "message"u8, _secret.SignData("message"u8, HashAlgorithmName.SHA512, RSASignaturePadding.Pss)));
    }

    [Fact]
    public void Short_and_huge_keys_and_keys_of_another_kind_are_none()
    {
        using var small = RSA.Create(1024);
        using var curve = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var modulus = new byte[(RsaPss.LargestKey / 8) + 1];
        modulus[0] = modulus[^1] = 1;
        using var huge = RSA.Create();
        huge.ImportParameters(new RSAParameters { Modulus = modulus, Exponent = [1, 0, 1] });

        Assert.Null(RsaPss.ReadKey(small.ExportSubjectPublicKeyInfo()));
        Assert.Null(RsaPss.ReadKey(huge.ExportSubjectPublicKeyInfo()));
        Assert.Null(RsaPss.ReadKey(curve.ExportSubjectPublicKeyInfo()));
        Assert.Null(RsaPss.ReadKey([]));
        Assert.False(RsaPss.Verify(small.ExportSubjectPublicKeyInfo(), "message"u8,
            small.SignData("message"u8, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)));
    }

    public void Dispose() => _secret.Dispose();
}

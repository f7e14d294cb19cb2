using System.Security.Cryptography;
using Xunit;

namespace Pm.Codecs.Tests;

public class EcdsaP256Tests
{
    /// <summary>Key and signature of "sample" with SHA-256. Source: RFC 6979, A.2.5.</summary>
    const string Point = "0460FED4BA255A9D31C961EB74C6356D68C049B8923B61FA6CE669622E60F29FB67903FE1008B8BC99A41AE9E95628BC64F2F1B20C2D7E9F5177A3C294D4462299";

    const string Signature =
        "3046022100EFD48B2AACB6A8FD1140DD9CD45E81D69D2C877B56AAF991C34D0EA84EAF3716022100F7CB1C942D657C41D436C7A1B6E29F65F3E900DBB9AFF4064DC4AB2F843ACDA8";

    static readonly byte[] Key = EcdsaP256.ReadPoint(Convert.FromHexString(Point))!;

    [Fact]
    public void The_published_vector_holds() => Assert.True(EcdsaP256.Verify(Key, "sample"u8, Convert.FromHexString(Signature)));

    [Fact]
    public void A_changed_bit_of_message_or_signature_is_refused()
    {
        var (message, signature) = ("sample"u8.ToArray(), Convert.FromHexString(Signature));
        foreach (var bytes in new[] { message, signature })
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(EcdsaP256.Verify(Key, message, signature));
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(EcdsaP256.Verify(Key, message, signature));
    }

    [Fact]
    public void Every_form_of_a_key_gives_the_same_bytes()
    {
        var point = Convert.FromHexString(Point);
        byte[] compressed =
        [
            0x30, 0x39, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07,
            0x03, 0x22, 0x00, 0x03, .. point.AsSpan(1, 32),
        ];

        Assert.Equal(Key, EcdsaP256.ReadKey(compressed));
        Assert.Equal(Key, EcdsaP256.ReadKey(Key));
    }

    [Fact]
    public void What_is_no_key_of_this_curve_is_none()
    {
        using var larger = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);
        var off = Convert.FromHexString(Point);
        off[^1] ^= 1;

        Assert.Null(EcdsaP256.ReadKey(larger.ExportSubjectPublicKeyInfo()));
        Assert.Null(EcdsaP256.ReadKey(rsa.ExportSubjectPublicKeyInfo()));
        Assert.Null(EcdsaP256.ReadKey([.. Key, 0]));
        Assert.Null(EcdsaP256.ReadKey(Key.AsSpan(0, Key.Length - 1)));
        Assert.Null(EcdsaP256.ReadKey([]));
        Assert.Null(EcdsaP256.ReadPoint(off));
        Assert.Null(EcdsaP256.ReadPoint([]));
        Assert.False(EcdsaP256.Verify(rsa.ExportSubjectPublicKeyInfo(), "sample"u8, Convert.FromHexString(Signature)));
        Assert.False(EcdsaP256.Verify([], "sample"u8, Convert.FromHexString(Signature)));
        Assert.False(EcdsaP256.Verify(Key, "sample"u8, []));
    }
}

using Xunit;

namespace Pm.Codecs.Tests;

public class Ed25519Tests
{
    /// <summary>Seed, public key, message, signature. Source: RFC 8032, 7.1.</summary>
    public static TheoryData<string, string, string, string> Published => new()
    {
        {
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
            "",
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        },
        {
            "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
            "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
            "72",
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        },
        {
            "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
            "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
            "af82",
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        },
        {
            "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
            "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void The_published_vectors_hold(string seed, string publicKey, string message, string signature)
    {
        var key = new byte[Ed25519.PublicKeySize];
        var made = new byte[Ed25519.SignatureSize];

        Ed25519.PublicKey(Convert.FromHexString(seed), key);
        Ed25519.Sign(Convert.FromHexString(seed), Convert.FromHexString(message), made);

        Assert.Equal(publicKey, Convert.ToHexStringLower(key));
        Assert.Equal(signature, Convert.ToHexStringLower(made));
        Assert.True(Ed25519.Verify(key, Convert.FromHexString(message), made));
    }

    [Fact]
    public void A_changed_bit_of_key_message_or_signature_is_refused()
    {
        var (seed, key, message, signature) = (new byte[32], new byte[32], "a message"u8.ToArray(), new byte[64]);
        Ed25519.PublicKey(seed, key);
        Ed25519.Sign(seed, message, signature);

        foreach (var bytes in new[] { key, message, signature })
        {
            for (var bit = 0; bit < bytes.Length * 8; bit++)
            {
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
                Assert.False(Ed25519.Verify(key, message, signature), $"bit {bit}");
                bytes[bit / 8] ^= (byte)(1 << (bit % 8));
            }
        }

        Assert.True(Ed25519.Verify(key, message, signature));
    }

    /// <summary>Adding the group's order to the scalar must not make a second valid signature. Source: RFC 8032, 5.1.7.</summary>
    [Fact]
    public void A_signature_has_one_form()
    {
        var (seed, key, signature) = (new byte[32], new byte[32], new byte[64]);
        Ed25519.PublicKey(seed, key);
        Ed25519.Sign(seed, "m"u8, signature);
        var order = System.Numerics.BigInteger.Pow(2, 252)
            + System.Numerics.BigInteger.Parse("27742317777372353535851937790883648493", null);

        var scalar = new System.Numerics.BigInteger(signature.AsSpan(32), isUnsigned: true) + order;
        signature.AsSpan(32).Clear();
        Assert.True(scalar.TryWriteBytes(signature.AsSpan(32), out _, isUnsigned: true));

        Assert.False(Ed25519.Verify(key, "m"u8, signature));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    [InlineData(64)]
    public void A_key_of_another_size_is_refused(int size)
    {
        var wrong = new byte[size];

        Assert.Throws<ArgumentException>(() => Ed25519.PublicKey(wrong, new byte[32]));
        Assert.Throws<ArgumentException>(() => Ed25519.PublicKey(new byte[32], wrong));
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(wrong, [], new byte[64]));
        Assert.False(Ed25519.Verify(wrong, [], new byte[64]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(65)]
    public void A_signature_of_another_size_is_refused(int size)
    {
        Assert.Throws<ArgumentException>(() => Ed25519.Sign(new byte[32], [], new byte[size]));
        Assert.False(Ed25519.Verify(new byte[32], [], new byte[size]));
    }
}

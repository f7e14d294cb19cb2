using System.Text;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Trust.Tests.OpenPgp;

public class PublicKeyBlockTests
{
    /// <summary>As gpg 2.2 exports it.</summary>
    const string Exported = """
        -----BEGIN PGP PUBLIC KEY BLOCK-----

        mDMEawC3+BYJKwYBBAHaRw8BAQdAEl79Ri0D0f4noaPobupFiR0DqEdyTHTmnY9h
        GkPzEFm0IURlbW8gQXV0aG9yIDxhdXRob3JAZGVtby5leGFtcGxlPoiWBBMWCAA+
        FiEEuHmWD1mfIYoboEJWNs75JKt7pqEFAmsAt/gCGwMFCQWjmoAFCwkIBwIGFQoJ
        CAsCBBYCAwECHgECF4AACgkQNs75JKt7pqH+eQEAzDTPNwns6DrQHrNidAEaJP2l
        GLUB6e3LtmQSOFDrv7MA/0ruLbrZGf6SpbEUnJBHmCXbEi/HGl4s264T9s3+m9oL
        =TYW6
        -----END PGP PUBLIC KEY BLOCK-----
        """;

    /// <summary>The same key.</summary>
    const string Fingerprint = "B879960F599F218A1BA0425636CEF924AB7BA6A1";

    const string UserId = "Demo Author <author@demo.example>";

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void A_key_says_its_fingerprint_and_what_it_calls_itself(string lineEnd)
    {
        var key = PublicKeyBlock.TryParse(Encoding.ASCII.GetBytes(Exported.ReplaceLineEndings(lineEnd)));

        Assert.Equal(Fingerprint, key!.Fingerprint.ToString());
        Assert.Equal(UserId, Assert.Single(key.UserIds));
    }

    [Fact]
    public void Headers_of_the_armour_and_text_around_it_do_not_matter()
    {
        var text = $"A note\n\n{Exported.Replace("BLOCK-----\n\n", "BLOCK-----\nComment: x\n\n", StringComparison.Ordinal)}\nanother\n";

        Assert.Equal(Fingerprint, PublicKeyBlock.TryParse(Encoding.ASCII.GetBytes(text))!.Fingerprint.ToString());
    }

    [Fact]
    public void Lengths_in_either_form_are_read_alike()
    {
        var binary = Convert.FromBase64String(string.Concat(Exported.Split('\n')[2..^2]));
        var old = PublicKeyBlock.TryParse(Armored(binary));
        byte[] key = binary[2..(2 + binary[1])];
        var userId = Encoding.UTF8.GetBytes(UserId);
        byte[][] lengths = [[(byte)key.Length], [255, 0, 0, 0, (byte)key.Length]];

        foreach (var length in lengths)
        {
            byte[] packets = [0xc6, .. length, .. key, 0xcd, (byte)userId.Length, .. userId];
            Assert.Equal(old, PublicKeyBlock.TryParse(Armored(packets)));
        }
    }

    [Fact]
    public void What_is_cut_off_or_none_is_none_and_never_another_key()
    {
        for (var length = 0; length < Exported.Length; length++)
        {
            var key = PublicKeyBlock.TryParse(Encoding.ASCII.GetBytes(Exported[..length]));
            Assert.True(key is null || key.Fingerprint.ToString() == Fingerprint);
        }

        foreach (var bytes in (byte[][])[[], [0xff], [0x99], [0x9b, 0x04], [0xc6, 0xff], [0xc6, 0xe0, 0x04], [0xc6, 0x02, 0x05, 0x00], [0xcd, 0x01, 0x41], [0x9a, 0xff, 0xff, 0xff, 0xff]])
        {
            Assert.Null(PublicKeyBlock.TryParse(Armored(bytes)));
        }

        Assert.Null(PublicKeyBlock.TryParse(new byte[PublicKeyBlock.MaximumSize + 1]));
    }

    static byte[] Armored(byte[] packets) => Encoding.ASCII.GetBytes(
        $"-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n{Convert.ToBase64String(packets)}\n-----END PGP PUBLIC KEY BLOCK-----\n");
}

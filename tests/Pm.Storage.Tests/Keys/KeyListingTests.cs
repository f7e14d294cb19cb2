using System.Text;
using Pm.Storage.Keys;
using Xunit;

namespace Pm.Storage.Tests.Keys;

public sealed class KeyListingTests
{
    const string Fpr = "1B834682E7B46C77841A4C2FE393AAE5E7007D94";

    [Fact]
    public void The_first_fingerprint_is_the_keys_and_revoked_user_ids_are_left_out()
    {
        var key = Assert.Single(KeyListingReader.Read(
            "tru::1:1:0:3:1:5\n"
            + "pub:-:255:22:E393AAE5E7007D94:1795198121:1826734121::-:::scSC:::::ed25519:::0:\n"
            + $"fpr:::::::::{Fpr}:\n"
            + "uid:r::::1::X::Gone <g@b>::::::::::0:\n"
            + "uid:-::::1::X::Zo\\xc3\\xab\\x3a \\x <z@b>::::::::::0:\n"
            + "sub:-:255:22:7FCBD380DB27474E:1795198321:1800000000:::::s:::::ed25519::\n"
            + "fpr:::::::::33008289196A36D7E4E61A437FCBD380DB27474E:\n"));

        Assert.Equal(Fpr, key.Fingerprint.ToString());
        Assert.Equal(["Zoë: \\x <z@b>"], key.UserIds);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1826734121), key.Expires);
        Assert.True(key.CanSign);
        Assert.False(key.IsSecret || key.IsRevoked || key.IsExpired);
    }

    [Fact]
    public void A_key_that_only_certifies_ends_with_the_last_subkey_that_signs()
    {
        var key = Assert.Single(KeyListingReader.Read(
            "sec:u:255:22:E393AAE5E7007D94:1795198121:::u:::cSC:::+::ed25519:::0:\n"
            + $"fpr:::::::::{Fpr}:\n"
            + "ssb:r:255:22:A:1:1900000000:::::s:\n"
            + "ssb:u:255:22:B:1:1800000000:::::s:\n"
            + "ssb:u:255:22:C:1:1850000000:::::s:\n"
            + "ssb:u:255:18:D:1::::::e:\n"));

        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1850000000), key.Expires);
        Assert.True(key.IsSecret);
    }

    [Fact]
    public void Whatever_gpg_might_print_is_read_without_an_error()
    {
        string[] parts = ["pub", "sec", "fpr", "uid", "sub", ":", "::::", "\n", "\r", "-", "r", "s", "S", Fpr, "\\x", "\\xff", "9", "18446744073709551616", "\0", "é"];
        var random = new Random(20261120);
        for (var round = 0; round < 5_000; round++)
        {
            var text = new StringBuilder();
            for (var part = random.Next(40); part > 0; part--)
            {
                text.Append(parts[random.Next(parts.Length)]);
            }

            Assert.All(KeyListingReader.Read(text.ToString()), k => Assert.Equal(40, k.Fingerprint.ToString().Length));
        }
    }
}

using System.Text;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class KeyFileTests
{
    /// <summary>RFC 8032, 7.1, test 1.</summary>
    const string Seed = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
    const string Public = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

    const string File = "{\n\t\"encrypted\": false,\n\t\"data\": [\n\t\t{\n\t\t\t\"keytype\": \"ed25519\",\n"
        + "\t\t\t\"scheme\": \"ed25519\",\n\t\t\t\"keyid_hash_algorithms\": [\n\t\t\t\t\"sha256\",\n\t\t\t\t\"sha512\"\n\t\t\t],\n"
        + $"\t\t\t\"keyval\": {{\n\t\t\t\t\"public\": \"{Public}\",\n\t\t\t\t\"private\": \"{Seed}{Public}\"\n\t\t\t}}\n\t\t}}\n\t]\n}}\n";

    [Fact]
    public void The_form_is_that_of_go_tuf()
    {
        var key = new SecretKey(Convert.FromHexString(Seed));

        Assert.Equal(File, Encoding.UTF8.GetString(KeyFile.ToBytes([key])));
    }

    [Fact]
    public void What_is_written_is_read_again()
    {
        SecretKey[] keys = [SecretKey.Create(), SecretKey.Create()];

        var read = KeyFile.Parse(KeyFile.ToBytes(keys), "root.json");

        Assert.Equal(keys.Select(key => key.Public.Id), read.Select(key => key.Public.Id));
        Assert.Equal(keys[1].Sign("x"u8), read[1].Sign("x"u8));
    }

    [Theory]
    [InlineData("\"encrypted\": false", "\"encrypted\": true", "encrypted")]
    [InlineData("\"keytype\": \"ed25519\"", "\"keytype\": \"rsa\"", "ed25519 key")]
    [InlineData("\"private\": \"9d", "\"private\": \"9", "hexadecimal digits")]
    [InlineData("\"private\": \"9d", "\"private\": \"8d", "does not belong")]
    public void A_broken_key_file_is_refused_and_named(string old, string with, string reason)
    {
        var broken = Encoding.UTF8.GetBytes(File.Replace(old, with, StringComparison.Ordinal));

        var refused = Assert.Throws<MetadataException>(() => KeyFile.Parse(broken, "keys/root.json"));

        Assert.StartsWith("keys/root.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }
}

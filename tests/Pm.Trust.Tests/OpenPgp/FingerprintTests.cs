using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Trust.Tests.OpenPgp;

public sealed class FingerprintTests
{
    const string Text = "FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C";

    [Theory]
    [InlineData(Text)]
    [InlineData("ff324ce8e0fd31d8936917f9e3fda54b8ae52f7c")]
    [InlineData("0xFF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C")]
    [InlineData("FF32 4CE8 E0FD 31D8 9369  17F9 E3FD A54B 8AE5 2F7C")]
    public void Forms_that_gpg_prints_are_one_fingerprint(string text)
    {
        var fingerprint = Fingerprint.Parse(text);

        Assert.Equal(Text, fingerprint.ToString());
        Assert.Equal(Fingerprint.Parse(Text), fingerprint);
        Assert.Equal("E3FDA54B8AE52F7C", fingerprint.LongKeyId);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("E3FDA54B8AE52F7C")]
    [InlineData("8AE52F7C")]
    [InlineData(Text + "00")]
    [InlineData("GF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C")]
    [InlineData("-F324CE8E0FD31D8936917F9E3FDA54B8AE52F7C")]
    [InlineData("+F324CE8E0FD31D8936917F9E3FDA54B-AE52F7C")]
    public void Key_ids_and_other_text_are_no_fingerprints(string? text) => Assert.False(Fingerprint.TryParse(text, out _));

    [Fact]
    public void Leading_zeros_and_order_are_kept()
    {
        var low = Fingerprint.Parse("0000000000000000000000000000000000000001");
        var high = Fingerprint.Parse("0000000000000000000000000000000100000000");

        Assert.Equal("0000000000000000000000000000000000000001", low.ToString());
        Assert.True(low < high);
    }
}

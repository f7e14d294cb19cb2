using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class RootFingerprintTests
{
    const string Text = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void It_is_what_sha256sum_prints() => Assert.Equal(Text, RootFingerprint.Of([]).ToString());

    [Theory]
    [InlineData(Text)]
    [InlineData("E3B0C442 98FC1C14 9AFBF4C8 996FB924 27AE41E4 649B934C A495991B 7852B855")]
    [InlineData("e3b0c442:98fc1c14:9afbf4c8:996fb924:27ae41e4:649b934c:a495991b:7852b855")]
    public void Groups_and_case_do_not_matter(string text)
    {
        Assert.True(RootFingerprint.TryParse(text, out var fingerprint));
        Assert.Equal(RootFingerprint.Of([]), fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("e3b0c442")]
    [InlineData(Text + "00")]
    [InlineData("zzb0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public void A_part_of_it_is_not_enough(string? text) => Assert.False(RootFingerprint.TryParse(text, out _));
}

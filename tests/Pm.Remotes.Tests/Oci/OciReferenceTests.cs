using Pm.Remotes.Oci;
using Xunit;

namespace Pm.Remotes.Tests.Oci;

public class OciReferenceTests
{
    const string Hex = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

    [Theory]
    [InlineData("oci://ghcr.io/owner/name", "ghcr.io", "owner/name", "latest")]
    [InlineData("oci://GHCR.io/owner/name:v1.2_3", "ghcr.io", "owner/name", "v1.2_3")]
    [InlineData("oci://localhost:5000/a", "localhost:5000", "a", "latest")]
    [InlineData("oci://127.0.0.1:5000/a/b-c/d__e:1", "127.0.0.1:5000", "a/b-c/d__e", "1")]
    [InlineData("oci://[::1]:5000/a:1", "[::1]:5000", "a", "1")]
    public void Its_parts_are_found(string text, string host, string repository, string tag)
    {
        var reference = OciReference.Parse(text);

        Assert.Equal((host, repository, tag), (reference.Host, reference.Repository, reference.Tag));
        Assert.Equal(reference, OciReference.Parse($"{reference}"));
    }

    [Fact]
    public void A_digest_says_more_than_a_tag()
    {
        var named = OciReference.Parse($"oci://h.example/a:1@sha256:{Hex}");
        var bare = OciReference.Parse($"oci://h.example/a@sha256:{Hex}");

        Assert.Equal(($"sha256:{Hex}", "1"), (named.Selector, named.Tag));
        Assert.Equal(($"sha256:{Hex}", null), (bare.Selector, bare.Tag));
    }

    [Theory]
    [InlineData("ghcr.io/a")]
    [InlineData("oci://")]
    [InlineData("oci://ghcr.io")]
    [InlineData("oci://ghcr.io/")]
    [InlineData("oci:///a")]
    [InlineData("oci://user@ghcr.io/a")]
    [InlineData("oci://ghcr.io/A")]
    [InlineData("oci://ghcr.io/a/../b")]
    [InlineData("oci://ghcr.io/a//b")]
    [InlineData("oci://ghcr.io/a:")]
    [InlineData("oci://ghcr.io/a:b c")]
    [InlineData("oci://ghcr.io/a@sha256:12")]
    [InlineData("oci://ghcr.io/a@sha512:12")]
    [InlineData("oci://gh\r\ncr.io/a")]
    [InlineData("oci://ghcr.io/a\n")]
    [InlineData("oci://ghcr.io:port/a")]
    [InlineData("oci://ghcr.io:99999/a")]
    [InlineData("oci://a..b/a")]
    [InlineData("oci://[::::]/a")]
    [InlineData("oci://[1.2.3]/a")]
    [InlineData("oci://[::1]:70000/a")]
    public void What_is_none_is_refused(string text) => Assert.Equal("PM6060", Assert.Throws<RemoteException>(() => OciReference.Parse(text)).Code);
}

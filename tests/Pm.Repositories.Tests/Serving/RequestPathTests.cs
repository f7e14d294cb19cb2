using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Serving;

/// <summary>The path of a request target.</summary>
public class RequestPathTests
{
    [Theory]
    [InlineData("/", "")]
    [InlineData("/a/b.json", "a/b.json")]
    [InlineData("/a/b?q=../x", "a/b")]
    [InlineData("/a%20b/c%2Bd+e", "a b/c+d+e")]
    [InlineData("/%C3%A9", "é")]
    [InlineData("/a/", "a/")]
    [InlineData("/.well-known/pm", ".well-known/pm")]
    [InlineData("/...", "...")]
    [InlineData("http://host:80/a/b?x", "a/b")]
    [InlineData("HTTPS://host", "")]
    public void A_path_is_decoded_once(string target, string expected) => Assert.Equal(expected, RequestPath.Decode(target));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("a/b")]
    [InlineData("//a")]
    [InlineData("/a//b")]
    [InlineData("/..")]
    [InlineData("/a/../b")]
    [InlineData("/a/.")]
    [InlineData("/./a")]
    [InlineData("/%2e%2e/a")]
    [InlineData("/a/%2E./b")]
    [InlineData("/a%2fb")]
    [InlineData("/a%2Fb")]
    [InlineData("/a\\b")]
    [InlineData("/a%5cb")]
    [InlineData("/a%00")]
    [InlineData("/a%0ab")]
    [InlineData("/a%7f")]
    [InlineData("/a#b")]
    [InlineData("/%")]
    [InlineData("/%4")]
    [InlineData("/%zz")]
    [InlineData("/%+1")]
    [InlineData("/%c3")]
    [InlineData("/%c0%ae%c0%ae/a")]
    [InlineData("/%ed%a0%80")]
    [InlineData("ftp://host/a")]
    public void What_could_mean_two_things_is_refused(string target) => Assert.Null(RequestPath.Decode(target));

    [Fact]
    public void Half_a_character_is_refused() => Assert.Null(RequestPath.Decode("/\ud800"));

    [Fact]
    public void A_path_that_is_too_long_is_refused()
    {
        Assert.NotNull(RequestPath.Decode("/" + new string('a', RequestPath.MaximumLength - 1)));
        Assert.Null(RequestPath.Decode("/" + new string('a', RequestPath.MaximumLength)));
    }

    [Theory]
    [InlineData("timestamp.json", true)]
    [InlineData("blobs/x", true)]
    [InlineData("", false)]
    [InlineData("a/", false)]
    [InlineData(".hidden", false)]
    [InlineData("a/.tmp-1", false)]
    [InlineData("keys/root.json", false)]
    [InlineData("staged/x", false)]
    [InlineData("pmd/tokens.db", false)]
    [InlineData("a/b/c/d/e/f/g/h/i", false)]
    public void Only_some_paths_are_served(string path, bool expected) => Assert.Equal(expected, ServedPath.IsServable(path));

    [Theory]
    [InlineData("12.targets.json", true)]
    [InlineData("12.targets.json.zst", true)]
    [InlineData("targets.json", false)]
    [InlineData("timestamp.json", false)]
    [InlineData("12.json", false)]
    [InlineData("foo-1.0.pkg", true)]
    [InlineData("a/foo-1.0.pkg", false)]
    [InlineData("available.json", false)]
    [InlineData("publishers/FF324CE8E0FD31D8936917F9E3FDA54B8AE52F7C.asc", false)]
    [InlineData("blobs/aa", false)]
    public void A_name_says_whether_its_content_is_fixed(string path, bool expected) => Assert.Equal(expected, ServedPath.IsFixed(path));

    [Fact]
    public void What_is_named_by_a_hash_is_fixed()
    {
        var hash = new string('a', 64);

        Assert.True(ServedPath.IsFixed($"blobs/{hash}"));
        Assert.True(ServedPath.IsFixed($"blobs/{hash}.zst"));
        Assert.False(ServedPath.IsFixed($"blobs/{hash}0"));
        Assert.True(ServedPath.IsFixed($"targets/foo/{hash}{hash}.1.0"));
        Assert.False(ServedPath.IsFixed($"targets/foo/{hash}.1.0"));
        Assert.True(ServedPath.IsFixed($"signatures/{hash}/manifest.sha256.asc"));
        Assert.False(ServedPath.IsFixed($"signatures/{hash}/other"));
    }
}

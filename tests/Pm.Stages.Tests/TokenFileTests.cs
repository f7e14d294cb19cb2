using System.Text;
using Pm.Remotes;
using Pm.Stages.Publishing;
using Pm.Storage;
using Xunit;

namespace Pm.Stages.Tests;

public sealed class TokenFileTests
{
    static readonly RemoteUrl Url = RemoteUrl.Parse("https://host/x", "/");

    [Fact]
    public void A_token_belongs_to_a_URL()
    {
        var file = TokenFile.Parse("""{"format":1,"tokens":{"https://host/x":"secret"}}"""u8, "tokens.json");

        Assert.Equal("secret", file.Find(RemoteUrl.Parse("HTTPS://HOST:443/x/", "/")));
        Assert.Null(file.Find(RemoteUrl.Parse("https://host/y", "/")));
        Assert.Null(file.Find(RemoteUrl.Parse("http://host/x", "/")));
        Assert.Null(file.Without(Url).Find(Url));
        Assert.Equal("other", file.With(Url, "other").Find(Url));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("""{"format":1}""")]
    [InlineData("""{"format":1,"tokens":{"https://host/x":["secret"]}}""")]
    [InlineData("""{"format":1,"tokens":{"https://host/x":"secret","https://host/x":"other"}}""")]
    [InlineData("""{"format":1,"tokens":{"https://host/x":"secret"}""")]
    public void A_damaged_file_is_refused_and_quoted_nowhere(string text)
    {
        var refused = Assert.Throws<StoreException>(() => TokenFile.Parse(Encoding.UTF8.GetBytes(text), "tokens.json"));

        Assert.Equal("PM4002", refused.Code);
        Assert.DoesNotContain("secret", refused.Message);
    }

    [Fact]
    public void One_of_a_newer_pm_is_not_read() =>
        Assert.Equal("PM4001", Assert.Throws<StoreException>(() => TokenFile.Parse("""{"format":2,"tokens":{}}"""u8, "tokens.json")).Code);
}

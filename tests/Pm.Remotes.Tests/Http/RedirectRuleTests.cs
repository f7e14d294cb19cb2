using Pm.Remotes.Http;
using Xunit;

namespace Pm.Remotes.Tests.Http;

public sealed class RedirectRuleTests
{
    [Theory]
    [InlineData("http://a.test/x/y", "http://b.test/z", "http://b.test/z")]
    [InlineData("http://a.test/x/y", "https://a.test/x/y", "https://a.test/x/y")]
    [InlineData("https://a.test/x/y", "/z", "https://a.test/z")]
    [InlineData("https://a.test/x/y", "z?q=%2F", "https://a.test/x/z?q=%2F")]
    [InlineData("https://a.test/x/y", "//b.test:8443/z", "https://b.test:8443/z")]
    [InlineData("https://a.test/x/y", "z%20z", "https://a.test/x/z%20z")]
    public void A_redirect_leads_to_another_web_page(string from, string location, string next) =>
        Assert.Equal(next, RedirectRule.Next(new Uri(from), location).AbsoluteUri);

    [Theory]
    [InlineData("https://a.test/", "http://a.test/", "from https to http")]
    [InlineData("http://a.test/", "file:///etc/passwd", "http and https only")]
    [InlineData("http://a.test/", "ftp://a.test/x", "http and https only")]
    [InlineData("http://a.test/", "unix:/run/x.sock", "http and https only")]
    [InlineData("http://a.test/", "gopher://a.test", "http and https only")]
    [InlineData("http://a.test/", "javascript:alert(1)", "http and https only")]
    [InlineData("http://a.test/", "http://user:secret@b.test/", "credentials")]
    [InlineData("http://a.test/", "http://b.test/x\r\nEvil: 1", "control characters")]
    [InlineData("http://a.test/", "http://b.test/x%0d%0aEvil:%201", "control characters")]
    [InlineData("http://a.test/", "http://b.test/x%00", "control characters")]
    [InlineData("http://a.test/", "http://b.test/x%7F", "control characters")]
    [InlineData("http://a.test/", "http://\u2488.test/", "no URL has")]
    [InlineData("http://a.test/", "http://\u202e.test/", "no URL has")]
    [InlineData("http://a.test/", "/\u00e4", "no URL has")]
    [InlineData("http://a.test/", "http://", "not a URL")]
    [InlineData("http://a.test/", null, "names no place")]
    public void Other_places_are_refused_with_the_reason(string from, string? location, string why)
    {
        var refused = Assert.Throws<RemoteException>(() => RedirectRule.Next(new Uri(from), location));

        Assert.Equal("PM6014", refused.Code);
        Assert.StartsWith($"{from}: redirect refused: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(refused.Message, char.IsControl);
    }

    [Fact]
    public void An_endless_location_is_refused() => Assert.Throws<RemoteException>(
        () => RedirectRule.Next(new Uri("http://a.test/"), "http://b.test/" + new string('x', 9000)));
}

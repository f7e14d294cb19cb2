using Pm.Remotes.Http;
using Xunit;

namespace Pm.Remotes.Tests.Http;

public sealed class ProxyRulesTests
{
    [Theory]
    [InlineData("http_proxy=http://p:1", "http://h.test/", "http://p:1")]
    [InlineData("http_proxy=http://p:1", "https://h.test/", null)]
    [InlineData("HTTP_PROXY=http://p:1", "http://h.test/", null)]
    [InlineData("https_proxy=p:1", "https://h.test/", "http://p:1")]
    [InlineData("HTTPS_PROXY=p:1", "https://h.test/", "http://p:1")]
    [InlineData("all_proxy=socks5://p:1", "https://h.test/", "socks5://p:1")]
    [InlineData("ALL_PROXY=p:1 http_proxy=q:2", "http://h.test/", "http://q:2")]
    [InlineData("http_proxy=p:1", "http://localhost/", null)]
    [InlineData("http_proxy=p:1", "http://127.0.0.1:8080/", null)]
    [InlineData("http_proxy=p:1", "http://[::1]/", null)]
    [InlineData("http_proxy=p:1 no_proxy=*", "http://h.test/", null)]
    [InlineData("http_proxy=p:1 no_proxy=h.test", "http://h.test/", null)]
    [InlineData("http_proxy=p:1 no_proxy=h.test", "http://sub.H.test/", null)]
    [InlineData("http_proxy=p:1 no_proxy=h.test", "http://xh.test/", "http://p:1")]
    [InlineData("http_proxy=p:1 no_proxy=.h.test", "http://sub.h.test/", null)]
    [InlineData("http_proxy=p:1 NO_PROXY=a,h.test:81", "http://h.test:81/", null)]
    [InlineData("http_proxy=p:1 no_proxy=h.test:81", "http://h.test/", "http://p:1")]
    [InlineData("http_proxy=p:1 no_proxy=10.0.0.0/8", "http://10.1.2.3/", null)]
    [InlineData("http_proxy=p:1 no_proxy=10.0.0.0/8", "http://11.1.2.3/", "http://p:1")]
    [InlineData("http_proxy=p:1 no_proxy=fd00::1", "http://[fd00::1]/", null)]
    [InlineData("no_proxy=x", "http://h.test/", null)]
    public void The_environment_says_which_proxy_leads_where(string environment, string url, string? proxy) =>
        Assert.Equal(proxy, ProxyRules.From(null, Of(environment)).For(new Uri(url))?.ToString());

    [Theory]
    [InlineData("http://127.0.0.1/", "http://named:8080")]
    [InlineData("https://h.test/", "http://named:8080")]
    [InlineData("https://free.test/", null)]
    public void A_proxy_that_was_named_wins_for_everything_but_the_exemptions(string url, string? proxy) => Assert.Equal(
        proxy, ProxyRules.From("named:8080", Of("https_proxy=p:1 no_proxy=free.test")).For(new Uri(url))?.ToString());

    [Fact]
    public void None_switches_the_environments_off() =>
        Assert.Null(ProxyRules.From("none", Of("https_proxy=p:1")).For(new Uri("https://h.test/")));

    [Theory]
    [InlineData("")]
    [InlineData("ftp://p:1")]
    [InlineData("file://\u202e/!")]
    [InlineData("http://p:1/path")]
    [InlineData("http://p:1?q")]
    [InlineData("http://:1")]
    [InlineData("p:99999")]
    public void What_is_no_proxy_is_refused(string text) =>
        Assert.Equal("PM6001", Assert.Throws<RemoteException>(() => ProxyRules.From(text, Of(""))).Code);

    [Fact]
    public void A_bad_variable_is_named() => Assert.StartsWith(
        "https_proxy: ", Assert.Throws<RemoteException>(() => ProxyRules.From(null, Of("https_proxy=ftp://x"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Credentials_are_for_the_proxy_alone_and_never_shown()
    {
        var rules = ProxyRules.From("http://me:p%40ss@p.test:1", Of(""));
        var adapter = new ProxyAdapter(rules);

        Assert.Equal("http://p.test:1", rules.For(new Uri("http://h.test/"))!.ToString());
        Assert.Equal("http://p.test:1/", adapter.GetProxy(new Uri("http://h.test/"))!.ToString());
        var credential = adapter.GetCredential(new Uri("http://p.test:1/"), "Basic")!;
        Assert.Equal(("me", "p@ss"), (credential.UserName, credential.Password));
        Assert.Null(adapter.GetCredential(new Uri("http://h.test:1/"), "Basic"));
    }

    static Func<string, string?> Of(string environment)
    {
        var variables = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries).ToDictionary(v => v.Split('=')[0], v => v.Split('=')[1]);
        return variables.GetValueOrDefault;
    }
}

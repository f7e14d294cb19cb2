using Pm.Remotes.Http;
using Xunit;

namespace Pm.Remotes.Tests;

public sealed class RemoteUrlTests
{
    [Theory]
    [InlineData("/srv/repo", "/srv/repo", "file:///srv/repo")]
    [InlineData("/srv/repo/", "/srv/repo", "file:///srv/repo")]
    [InlineData("repo", "/work/repo", "file:///work/repo")]
    [InlineData("./a:b", "/work/a:b", "file:///work/a%3Ab")]
    [InlineData("../repo", "/repo", "file:///repo")]
    [InlineData("file:///srv/re%20po", "/srv/re po", "file:///srv/re%20po")]
    [InlineData("file://localhost/srv/repo", "/srv/repo", "file:///srv/repo")]
    [InlineData("/srv/50% off?#", "/srv/50% off?#", "file:///srv/50%25%20off%3F%23")]
    [InlineData("/", "/", "file:///")]
    public void Paths_and_file_urls_are_directories_of_this_machine(string text, string path, string shown)
    {
        var url = RemoteUrl.Parse(text, "/work");

        Assert.Equal((RemoteKind.File, path, shown), (url.Kind, url.Path, url.Text));
        Assert.Equal(url, RemoteUrl.Parse(url.Text, "/elsewhere"));
        Assert.Null(Fetchers.WhyNot(url));
    }

    [Theory]
    [InlineData("https://pm.example.org/linux/amd64/testing", "https://pm.example.org/linux/amd64/testing")]
    [InlineData("http://localhost:8080", "http://localhost:8080")]
    [InlineData("HTTP://LocalHost:80/a/./b/../c/", "http://localhost/a/c")]
    public void Web_servers_are_remotes(string text, string shown)
    {
        var url = RemoteUrl.Parse(text, "/work");

        Assert.Equal((RemoteKind.Http, null, shown), (url.Kind, url.Path, url.Text));
        Assert.Null(Fetchers.WhyNot(url));
    }

    [Theory]
    [InlineData("oci://registry.example.org/packages", RemoteKind.Oci)]
    [InlineData("git+https://example.org/repo.git", RemoteKind.Git)]
    public void Other_kinds_are_understood_and_said_to_be_beyond_this_version(string text, RemoteKind kind)
    {
        var url = RemoteUrl.Parse(text, "/work");
        using var fetchers = new Fetchers(() => new HttpSettings());

        Assert.Equal(kind, url.Kind);
        Assert.Contains("fetches over http(s) and from directories only", Fetchers.WhyNot(url), StringComparison.Ordinal);
        Assert.Equal("PM6002", Assert.Throws<RemoteException>(() => fetchers.Open(new RemoteDefinition("x", url))).Code);
    }

    [Theory]
    [InlineData("", "1 to 2048")]
    [InlineData("ftp://example.org/x", "unknown scheme `ftp`")]
    [InlineData("file://host/srv", "got host `host`")]
    [InlineData("file:///srv?x", "no query")]
    [InlineData("file:///srv%00x", "NUL")]
    [InlineData("https://user:secret@example.org/", "credentials")]
    [InlineData("https://", "not a URL")]
    [InlineData("https://example.org/x?y", "no query")]
    [InlineData("https://example.org/x#y", "no query and no fragment")]
    [InlineData("/srv/\nrepo", "control characters")]
    public void What_is_not_a_remote_is_refused_with_the_reason(string text, string reason)
    {
        Assert.False(RemoteUrl.TryParse(text, "/work", out _, out var fault));
        Assert.Contains(reason, fault, StringComparison.Ordinal);
    }

    /// <summary>Half of a letter, which no attribute can hold.</summary>
    [Fact]
    public void Nor_is_what_has_a_host_that_none_can_be()
    {
        Assert.False(RemoteUrl.TryParse($"https://{(char)0xd83d}.test/x", "/", out _, out var fault));
        Assert.Equal("no host can have that name", fault);
    }

    [Theory]
    [InlineData("/srv/Testing", "testing")]
    [InlineData("https://pm.example.org/linux/amd64/stable", "stable")]
    [InlineData("https://pm.example.org", "remote")]
    [InlineData("/srv/-é ", "remote")]
    public void A_name_is_made_of_the_last_part(string text, string name)
    {
        var url = RemoteUrl.Parse(text, "/");

        Assert.Equal(name, RemoteDefinition.SuggestName(url, []));
        Assert.Equal($"{name}-2", RemoteDefinition.SuggestName(url, [name]));
        Assert.Equal(url, new RemoteDefinition(name, url).Url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("..")]
    [InlineData("-x")]
    [InlineData("Upper")]
    public void A_name_that_could_not_be_a_directorys_is_refused(string name) =>
        Assert.Throws<RemoteException>(() => new RemoteDefinition(name, RemoteUrl.Parse("/srv", "/")));
}

using System.Text;
using Pm.Stages.Roots;
using Pm.Storage;
using Xunit;

namespace Pm.Stages.Tests;

public class RemoteListTests
{
    [Fact]
    public void The_originals_forms_are_read_beside_our_own()
    {
        var list = Parse("""
            [
              "https://pm.example/darwin/amd64/stable",
              {"Scheme":"https","Opaque":"","User":null,"Host":"pm.example","Path":"/linux/amd64/testing","RawQuery":""},
              {"name":"here","url":"file:///srv/packages"}
            ]
            """);

        Assert.Equal(
            ["stable https://pm.example/darwin/amd64/stable", "testing https://pm.example/linux/amd64/testing", "here file:///srv/packages"],
            list.Remotes.Select(r => $"{r.Name} {r.Url}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[7]")]
    [InlineData("[{}]")]
    [InlineData("[{\"name\":7,\"url\":\"file:///a\"}]")]
    [InlineData("[{\"name\":\"..\",\"url\":\"file:///a\"}]")]
    [InlineData("[{\"name\":\"a\",\"url\":\"file:///a\",\"mirrors\":\"file:///b\"}]")]
    [InlineData("[{\"name\":\"a\",\"url\":\"file:///a\",\"mirrors\":[7]}]")]
    [InlineData("[{\"name\":\"a\",\"url\":\"file:///a\",\"mirrors\":[\"ftp://b/\"]}]")]
    [InlineData("[{\"name\":\"a\",\"url\":\"file:///a\",\"plain\":1}]")]
    [InlineData("[\"ftp://example/\"]")]
    [InlineData("[[[[[[[[[[[[1]]]]]]]]]]]]")]
    public void A_damaged_list_is_an_error_that_names_the_file(string text)
    {
        var error = Assert.Throws<StoreException>(() => Parse(text));

        Assert.Contains("/state/remotes.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void More_remotes_than_are_read_are_refused_and_none_is_dropped()
    {
        var remotes = string.Join(',', Enumerable.Range(0, 1001).Select(i => $$"""{"name":"r{{i}}","url":"file:///{{i}}"}"""));

        Assert.Contains("1001", Assert.Throws<StoreException>(() => Parse($"[{remotes}]")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mirrors_are_kept_in_their_order()
    {
        var written = Parse("""[{"name":"a","url":"https://a.example/x","mirrors":["https://c.example/x","file:///b"]}]""").ToBytes();

        var remote = Assert.Single(RemoteList.Parse(written, "x").Remotes);

        Assert.Equal(["https://a.example/x", "https://c.example/x", "file:///b"], remote.Places.Select(p => p.Text));
        Assert.Equal((false, false), (remote.IsNear, remote.IsPlain));
        Assert.True(Assert.Single(Parse("""[{"name":"a","url":"file:///a","plain":true}]""").Remotes).IsPlain);
    }

    [Fact]
    public void More_mirrors_than_are_kept_are_refused()
    {
        var mirrors = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"file:///{i}\""));

        Assert.Contains("at most 100 mirrors, got 101", Assert.Throws<StoreException>(
            () => Parse($$"""[{"name":"a","url":"file:///a","mirrors":[{{mirrors}}]}]""")).Message, StringComparison.Ordinal);
    }

    static RemoteList Parse(string text) => RemoteList.Parse(Encoding.UTF8.GetBytes(text), "/state/remotes.json");
}

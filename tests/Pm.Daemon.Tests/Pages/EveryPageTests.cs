using System.Net;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary>What holds for all pages alike.</summary>
public class EveryPageTests
{
    public static TheoryData<string> Pages => ["/", "/search", "/search?q=tool&ns=main", "/r/main", "/p/main/tool", "/p/main/tool@1.0?files=0"];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task It_is_sound_html_and_small_and_has_a_twin_for_programs(string path)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { IsSigned = true });

        var page = await server.PageAsync(path);
        var twin = Assert.Single(page.All("link"), link => link["rel"] == "alternate")["href"]!;

        Assert.Equal((await server.JsonAsync(path)).ToString(), (await server.JsonAsync(twin)).ToString());
    }

    [Theory]
    [InlineData("/main/api/v1/nothing")]
    [InlineData("/p/main/nothing")]
    [InlineData("/nothing")]
    public async Task An_error_has_a_twin_too(string path)
    {
        await using var server = await Server.StartAsync();
        var response = await server.SendAsync(HttpMethod.Get, path, ("Accept", "text/html"));
        var page = HtmlDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var twin = Assert.Single(page.All("link"), link => link["rel"] == "alternate")["href"]!;

        Assert.Equal($"{path}?format=json", twin);
        var json = await server.SendAsync(HttpMethod.Get, twin, ("Accept", "text/html"));
        Assert.Equal((response.StatusCode, "application/json"), (json.StatusCode, json.Content.Headers.ContentType!.ToString()));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Who_has_it_is_not_sent_it_again(string path)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { IsSigned = true });

        foreach (var accept in (string[])["text/html", "application/json"])
        {
            var first = await server.SendAsync(HttpMethod.Get, path, ("Accept", accept));
            var again = await server.SendAsync(HttpMethod.Get, path, ("Accept", accept), ("If-None-Match", first.Headers.ETag!.ToString()));
            var changed = await server.SendAsync(HttpMethod.Get, path, ("Accept", accept), ("If-None-Match", "\"another\""));

            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
            Assert.Empty(await again.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
            Assert.Equal(first.Headers.ETag, again.Headers.ETag);
            Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Only_its_head_can_be_asked_for(string path)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { IsSigned = true });

        var whole = await server.GetAsync(path);
        var head = await server.SendAsync(HttpMethod.Head, path);
        var post = await server.SendAsync(HttpMethod.Post, path);

        Assert.Equal(whole.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
        Assert.Equal(whole.Headers.ETag, head.Headers.ETag);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, post.StatusCode);
    }

    [Theory]
    [InlineData("text/html", "text/html; charset=utf-8")]
    [InlineData("*/*", "text/html; charset=utf-8")]
    [InlineData("application/json", "application/json")]
    [InlineData("application/json, */*;q=0.1", "application/json")]
    [InlineData("text/html;q=0.5, application/json;q=0.9", "application/json")]
    [InlineData("text/html, application/json", "text/html; charset=utf-8")]
    [InlineData("application/json;q=0", "text/html; charset=utf-8")]
    [InlineData("application/json;;q=,,\"", "text/html; charset=utf-8")]
    public async Task The_client_chooses_between_page_and_twin(string accept, string type)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { IsSigned = true });

        var response = await server.SendAsync(HttpMethod.Get, "/", ("Accept", accept));

        Assert.Equal(type, response.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    public async Task The_style_sheet_may_be_kept_for_ever_under_the_name_of_its_content()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { IsSigned = true });
        var page = await server.PageAsync("/");

        foreach (var link in page.All("link").Where(link => link["rel"] is "stylesheet" or "icon"))
        {
            var response = await server.GetAsync(link["href"]!);
            var again = await server.SendAsync(HttpMethod.Get, link["href"]!, ("If-None-Match", response.Headers.ETag!.ToString()));

            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Contains(response.Headers.CacheControl!.Extensions, extension => extension.Name == "immutable");
            Assert.Equal(HttpStatusCode.NotModified, again.StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/assets/0123456789abcdef/pm.css")).StatusCode);
    }
}

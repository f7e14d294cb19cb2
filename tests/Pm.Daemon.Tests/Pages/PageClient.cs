using System.Net;
using System.Text.Json;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary>Gets pages as a browser does, and holds every one against what all must keep.</summary>
static class PageClient
{
    /// <summary>In bytes: it has to come over a bad line too.</summary>
    const int MaximumSize = 50_000;

    static readonly string[] Forbidden = ["script", "style", "iframe", "object", "embed", "base"];

    public static async Task<HtmlDocument> PageAsync(this Server server, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var response = await server.SendAsync(HttpMethod.Get, path, ("Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("text/html; charset=utf-8", response.Content.Headers.ContentType!.ToString());
        CheckHead(response);
        Assert.InRange(response.Content.Headers.ContentLength!.Value, 1, MaximumSize);
        var page = HtmlDocument.Parse(html);
        Assert.DoesNotContain(page.Elements, element => Forbidden.Contains(element.Name));
        Assert.DoesNotContain(page.Elements, element => element.Attributes.Keys.Any(name => name == "style" || name.StartsWith("on", StringComparison.Ordinal)));
        Assert.All(page.Links, link => Assert.Matches("^(/|#|https?://)", link));
        Assert.All(page.Links.Where(link => link.StartsWith("http", StringComparison.Ordinal)),
            link => Assert.Equal("noopener nofollow", page.All("a").First(a => a["href"] == link)["rel"]));
        return page;
    }

    public static async Task<JsonElement> JsonAsync(this Server server, string path, HttpStatusCode status = HttpStatusCode.OK)
    {
        var response = await server.SendAsync(HttpMethod.Get, path, ("Accept", "application/json"));
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.ToString());
        CheckHead(response);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("pm/1", document.RootElement.GetProperty("schema").GetString());
        return document.RootElement.Clone();
    }

    static void CheckHead(HttpResponseMessage response)
    {
        Assert.Equal(
            "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            Assert.Single(response.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(response.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("Accept", Assert.Single(response.Headers.Vary));
        if (response.IsSuccessStatusCode)
        {
            Assert.NotNull(response.Headers.ETag);
        }
    }
}

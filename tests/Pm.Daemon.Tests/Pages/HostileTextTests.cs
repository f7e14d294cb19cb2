using System.Net;
using System.Text.RegularExpressions;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary>Names and texts come from whoever publishes: nothing of them is believed, and nothing hides.</summary>
public partial class HostileTextTests
{
    const string Markup = "</p></bdi><script>alert(1)</script><img src=x onerror=alert(1)> \" ' & &amp; &#x202e;";
    static readonly string[] Moments = ["pre-install", "post-install", "pre-upgrade", "post-upgrade", "pre-remove", "post-remove"];

    /// <summary>Where the format of packages takes it: in scripts.</summary>
    const string Turned = "gpj\u202egnp.exe\u200b\u2066 \u061c";

    /// <summary>What the format of packages takes everywhere.</summary>
    const string Unseen = "a\u200bb\u061cc\ufeffd";

    [Fact]
    public async Task Markup_and_turned_letters_are_shown_as_what_they_are()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0")
        {
            Description = $"{Markup} {Unseen}",
            Yaml = $"title: {TestPackage.Quoted(Markup)}\nlicence: {TestPackage.Quoted(Markup + Unseen)}\ndeveloper: {TestPackage.Quoted(Markup)}\n"
                + $"homepage: {TestPackage.Quoted("javascript:alert(1)//" + Markup)}\nprovides: [{TestPackage.Quoted(Markup)}]\n",
            Files = new Dictionary<string, (int, string)> { [$"bin/<script>{Unseen}"] = (0b110_100_100, "x"), ["bin/\"onload=\"x"] = (0b110_100_100, "x") },
            Hooks = new Dictionary<string, string> { ["post-install"] = $"#!/bin/sh\n{Markup}{Turned}\n" },
        });

        foreach (var path in (string[])["/", "/r/main", "/search?q=tool", "/p/main/tool"])
        {
            // PageAsync holds the page against every element and attribute that could do something.
            var page = await server.PageAsync(path);
            var html = await (await server.GetAsync(path)).Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

            Assert.Contains("</p></bdi><script>alert(1)</script>", page.Text, StringComparison.Ordinal);
            Assert.DoesNotMatch(Hidden(), html);
            Assert.DoesNotContain(page.All("a"), link => link["href"]!.Contains("javascript", StringComparison.OrdinalIgnoreCase));
        }

        var shown = await server.PageAsync("/p/main/tool");
        Assert.Contains("bin/<script>a\\u200bb\\u061cc\\ufeffd", shown.Text, StringComparison.Ordinal);
        Assert.Contains("gpj\\u202egnp.exe\\u200b\\u2066 \\u061c", shown.Text, StringComparison.Ordinal);
        Assert.Contains("javascript:alert(1)//", shown.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("javascript:alert(1)", null)]
    [InlineData("data:text/html,x", null)]
    [InlineData("//evil.example/", null)]
    [InlineData("file:///etc/passwd", null)]
    [InlineData("https://user:secret@host.example/", null)]
    [InlineData("HTTP://Host.Example/a b", "http://host.example/a%20b")]
    [InlineData("https://host.example/\"><script>", "https://host.example/%22%3E%3Cscript%3E")]
    public async Task Only_the_web_is_linked(string homepage, string? link)
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0") { Yaml = $"homepage: {TestPackage.Quoted(homepage)}\n" });

        var page = await server.PageAsync("/p/main/tool");

        Assert.Equal(link, page.Links.SingleOrDefault(url => !url.StartsWith('/') && !url.StartsWith('#')));
        Assert.Contains(homepage, page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task However_long_everything_is_the_page_is_small()
    {
        await using var server = await Server.StartAsync();
        var deep = string.Join('/', Enumerable.Repeat(new string('\'', 250), 16));
        var files = Enumerable.Range(0, 300).ToDictionary(i => $"{i:000}/{deep}", _ => (0b110_100_100, "x"));
        var many = string.Join(", ", Enumerable.Range(0, 200).Select(i => $"\"'&'&'&'&'&'&-{i}\""));
        TestPackage.Publish(server, "main", new TestPackage("tool@1.0")
        {
            // As long as the index takes it: each of them is six bytes there.
            Description = new string('&', 4_000),
            Yaml = $"title: {TestPackage.Quoted(new string('<', 1_000))}\nlicence: {TestPackage.Quoted(new string('\u200b', 1_000))}\n"
                + $"provides: [{many}]\ncategories: [{many}]\ndeps: [{string.Join(", ", Enumerable.Range(0, 100).Select(i => new string('n', 90) + i))}]\n",
            Files = files,
            Hooks = Moments.ToDictionary(name => name, _ => "#!/bin/sh\n" + new string('<', 50_000)),
            IsSigned = true,
        });
        TestTargets.Add(server, "main", Enumerable.Range(0, 100).SelectMany(i => new[]
        {
            Listed($"tool@0.{i}-{new string('^', 80)}"),
            Listed($"{new string('u', 90)}{i}@1"),
        }));

        await server.PageAsync("/p/main/tool");
        await server.PageAsync("/p/main/tool?files=200&versions=30");
        await server.PageAsync("/p/main/tool?files=999999999999&versions=-1");
        await server.PageAsync("/search?q=");
        await server.PageAsync("/r/main");
        await server.PageAsync("/");
    }

    [Fact]
    public async Task What_is_looked_for_is_said_again_as_it_is()
    {
        await using var server = await Server.StartAsync();

        var page = await server.PageAsync($"/search?q={WebUtility.UrlEncode(Markup + Turned)}");

        Assert.Equal(Markup + Turned.TrimEnd(), Assert.Single(page.All("input"), input => input["name"] == "q")["value"]);
        await server.PageAsync($"/search?q={new string('x', 3000)}");
        await server.PageAsync("/search?q=a%00b%ff&ns=%22&page=x");
    }

    static AvailablePackage Listed(string id) => new(PackageId.Parse(id))
    {
        Hash = MerkleRoot.Of([]),
        Description = new string('<', 10_000),
        Title = new string('\'', 10_000),
        Dependencies = [Dependency.Parse("tool")],
        IsYanked = id.StartsWith("tool", StringComparison.Ordinal),
        YankReason = new string('"', 10_000),
    };

    [GeneratedRegex("[\u200b-\u200f\u202a-\u202e\u2066-\u2069\u061c\u0000-\u0009\u000b-\u001f]")]
    private static partial Regex Hidden();
}

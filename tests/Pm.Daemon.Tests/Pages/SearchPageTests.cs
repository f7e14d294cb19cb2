using System.Net;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary><c>/search</c></summary>
public class SearchPageTests
{
    [Fact]
    public async Task It_ranks_as_pm_search_does()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main",
            new TestPackage("zip@1.0"), new TestPackage("zipper@1.0"), new TestPackage("unzip@1.0"),
            new TestPackage("archiver@1.0") { Yaml = "provides: [zip]\n" }, new TestPackage("aaa@1.0") { Description = "makes zip files" },
            new TestPackage("other@1.0"));

        var page = await server.PageAsync("/search?q=zip");
        var json = await server.JsonAsync("/search?q=zip");

        string[] expected = ["zip", "zipper", "unzip", "archiver", "aaa"];
        Assert.Equal(expected.Select(name => $"/p/main/{name}"), page.Links.Where(link => link.StartsWith("/p/", StringComparison.Ordinal)));
        Assert.Equal(expected, json.GetProperty("data").GetProperty("packages").EnumerateArray().Select(package => package.GetProperty("name").GetString()));
        Assert.Equal(5, json.GetProperty("data").GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task It_looks_everywhere_or_in_one_repository()
    {
        await using var server = await Server.StartAsync(["stable", "testing"]);
        TestPackage.Publish(server, "stable", new TestPackage("zip@1.0"));
        TestPackage.Publish(server, "testing", new TestPackage("zip@2.0"), new TestPackage("zipper@1.0"));

        var everywhere = await server.PageAsync("/search?q=zip");
        var one = await server.PageAsync("/search?q=zip&ns=stable");

        Assert.Equal(["/p/stable/zip", "/p/testing/zip", "/p/testing/zipper"], everywhere.Links.Where(link => link.StartsWith("/p/", StringComparison.Ordinal)));
        Assert.Contains("/search?q=zip&ns=testing", everywhere.Links);
        Assert.Equal("/p/stable/zip", Assert.Single(one.Links, link => link.StartsWith("/p/", StringComparison.Ordinal)));
        Assert.Equal("stable", Assert.Single(one.All("input"), input => input["name"] == "ns")["value"]);
    }

    [Fact]
    public async Task A_repository_that_cannot_be_read_does_not_hide_the_others()
    {
        await using var server = await Server.StartAsync(["good", "torn", "whole"]);
        TestPackage.Publish(server, "good", new TestPackage("zip@1.0"));
        server.Write("torn", "timestamp.json", "{"u8);

        var page = await server.PageAsync("/search?q=zip");
        var json = await server.JsonAsync("/search?q=zip");

        Assert.Contains("/p/good/zip", page.Links);
        Assert.Contains("Not looked in: torn, which cannot be read now.", page.Text, StringComparison.Ordinal);
        Assert.Equal(["torn"], json.GetProperty("data").GetProperty("unreadable").EnumerateArray().Select(name => name.GetString()));
        _ = await server.PageAsync("/search?q=zip&ns=torn", HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task Where_nothing_is_found_it_says_what_was_perhaps_meant()
    {
        await using var server = await Server.StartAsync();
        TestPackage.Publish(server, "main", new TestPackage("zipper@1.0"));

        var page = await server.PageAsync("/search?q=ziper");

        Assert.Contains("Did you mean", page.Text, StringComparison.Ordinal);
        Assert.Contains("/p/main/zipper", page.Links);
    }

    [Fact]
    public async Task Turning_pages_finds_every_package_once()
    {
        await using var server = await Server.StartAsync();
        var names = Enumerable.Range(0, 45).Select(i => $"tool-{i:00}").ToArray();
        TestTargets.Add(server, "main", names.Select(name => new AvailablePackage(PackageId.Parse($"{name}@1.0")) { Hash = MerkleRoot.Of([]) }));

        var found = new List<string>();
        Assert.Equal(3, (await server.JsonAsync("/search?q=tool&page=40")).GetProperty("data").GetProperty("number").GetInt32());
        for (var next = "/search?q=tool"; next is not null;)
        {
            var page = await server.PageAsync(next);
            Assert.Contains("45 packages", page.Text, StringComparison.Ordinal);
            found.AddRange(page.Links.Where(link => link.StartsWith("/p/main/", StringComparison.Ordinal)).Select(link => link["/p/main/".Length..]));
            next = page.All("a").FirstOrDefault(link => link["rel"] == "next")?["href"];
        }

        Assert.Equal(names, found);
    }

    [Fact]
    public async Task What_was_published_a_moment_ago_is_found()
    {
        await using var server = await Server.StartAsync();

        var before = await server.PageAsync("/search?q=zip");
        TestPackage.Publish(server, "main", new TestPackage("zip@1.0"));
        var after = await server.PageAsync("/search?q=zip");

        Assert.Contains("0 packages", before.Text, StringComparison.Ordinal);
        Assert.Contains("/p/main/zip", after.Links);
    }
}

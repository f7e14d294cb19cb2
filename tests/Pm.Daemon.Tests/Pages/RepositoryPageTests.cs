using System.Net;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary><c>/r/NAMESPACE</c></summary>
public class RepositoryPageTests
{
    [Fact]
    public async Task It_says_how_to_use_it_and_whom_it_asks_to_be_believed()
    {
        await using var server = await Server.StartAsync(["darwin/amd64"]);
        TestPackage.Publish(server, "darwin/amd64", new TestPackage("tool@1.0") { IsSigned = true }, new TestPackage("tool@1.1"));
        var keys = DirectoryRepository.Open(server.RepositoryPath("darwin/amd64")).Keys();
        var fingerprint = RootFingerprint.Of(File.ReadAllBytes(server.Served("darwin/amd64", "root.json")));

        var page = await server.PageAsync("/r/darwin/amd64");
        var json = (await server.JsonAsync("/r/darwin/amd64")).GetProperty("data");

        Assert.Contains(page.All("pre"), pre => pre.Text == $"pm remote add --fingerprint {fingerprint} {server.Address}darwin/amd64");
        Assert.Contains(page.All("pre"), pre => pre.Text == $"pm key import {server.Address}darwin/amd64/publishers/{TestPackage.Signer}.asc");
        Assert.All(keys.SelectMany(key => key.KeyIds), id => Assert.Contains(id, page.Text, StringComparison.Ordinal));
        Assert.Contains("Demo Author <author@demo.example>", page.Text, StringComparison.Ordinal);
        Assert.Contains("1 package, 2 versions", page.Text, StringComparison.Ordinal);
        Assert.Equal($"{server.Address}darwin/amd64", json.GetProperty("url").GetString());
        Assert.Equal(fingerprint.ToString(), json.GetProperty("fingerprint").GetString());
        Assert.Equal(4, json.GetProperty("roles").GetArrayLength());
        Assert.Equal([TestPackage.Signer.ToString(), null], json.GetProperty("publishers").EnumerateArray()
            .Select(publisher => publisher.TryGetProperty("fingerprint", out var text) ? text.GetString() : null)
            .OrderByDescending(text => text, StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_expired_says_so()
    {
        await using var server = await Server.StartAsync(["old"], (settings, server) =>
        {
            Directory.Delete(server.RepositoryPath("old"), recursive: true);
            DirectoryRepository.Init(
                server.RepositoryPath("old"), new RoleLifetimes(), new RepositoryAccess("test", new FixedTime(TimeProvider.System.GetUtcNow().AddDays(-40))));
            return settings;
        });

        var page = await server.PageAsync("/r/old");
        var start = await server.PageAsync("/");

        Assert.Contains("Its metadata expired", page.Text, StringComparison.Ordinal);
        Assert.Contains("expired 10 days ago", start.Text, StringComparison.Ordinal);
        Assert.True((await server.JsonAsync("/r/old")).GetProperty("data").GetProperty("expired").GetBoolean());
    }

    [Fact]
    public async Task The_base_of_a_repository_leads_a_browser_there()
    {
        await using var server = await Server.StartAsync(["stable"]);

        foreach (var path in (string[])["/stable", "/stable/"])
        {
            var response = await server.GetAsync(path);

            Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
            Assert.Equal("/r/stable", response.Headers.Location!.ToString());
        }
    }

    [Fact]
    public async Task The_host_is_the_clients_word_and_shown_as_such()
    {
        await using var server = await Server.StartAsync();

        var response = await server.SendAsync(HttpMethod.Get, "/r/main", ("Host", "packages.example:8443"));
        var html = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("http://packages.example:8443/main", HtmlDocument.Parse(html).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_tens_of_thousands_of_packages_a_page_shows_a_few()
    {
        const int Count = 30_000;
        await using var server = await Server.StartAsync();
        TestTargets.Add(server, "main", Enumerable.Range(0, Count).Select(i => new AvailablePackage(PackageId.Parse($"name-{i:00000}@1.0"))
        {
            Hash = MerkleRoot.Of(BitConverter.GetBytes(i)),
            Description = $"package number {i}",
        }));

        var page = await server.PageAsync("/r/main");
        var search = await server.PageAsync("/search?q=name-017");
        var package = await server.PageAsync("/p/main/name-01777");

        Assert.Contains("30,000 packages", page.Text, StringComparison.Ordinal);
        Assert.Contains("100 packages", search.Text, StringComparison.Ordinal);
        Assert.Contains("package number 1777", package.Text, StringComparison.Ordinal);
        Assert.True(page.Links.Count() < 40);
    }

    sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}

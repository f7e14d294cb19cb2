using System.Net;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Files of repositories, as any client gets them.</summary>
public class FileTests
{
    [Fact]
    public async Task A_repository_is_found_under_its_relative_path()
    {
        await using var server = await Server.StartAsync(["stable", "darwin/amd64"]);

        var stable = await server.GetAsync("/stable/root.json");
        var darwin = await server.GetAsync("/darwin/amd64/root.json");

        Assert.Equal(File.ReadAllBytes(server.Served("stable", "root.json")), await stable.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(File.ReadAllBytes(server.Served("darwin/amd64", "root.json")), await darwin.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotFound, (await server.GetAsync("/darwin/root.json")).StatusCode);
    }

    [Fact]
    public async Task A_file_larger_than_memory_keeps_comes_whole_and_in_parts()
    {
        await using var server = await Server.StartAsync();
        var content = new byte[3_000_001];
        Random.Shared.NextBytes(content);
        server.Write("main", "large-1.0.pkg", content);

        var whole = await server.GetAsync("/main/large-1.0.pkg");
        var part = await server.SendAsync(HttpMethod.Get, "/main/large-1.0.pkg", ("Range", "bytes=1000000-2999999"));

        Assert.Equal(content, await whole.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal("bytes 1000000-2999999/3000001", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(content[1_000_000..3_000_000], await part.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_changed_file_is_seen_by_the_next_request()
    {
        await using var server = await Server.StartAsync();
        server.Write("main", "note", "one"u8);
        var before = await server.GetAsync("/main/note");
        server.Write("main", "note", "three"u8);
        var after = await server.GetAsync("/main/note");

        Assert.Equal("one", await before.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("three", await after.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_server_says_that_it_lives_and_is_ready()
    {
        await using var server = await Server.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/live")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/ready")).StatusCode);
        File.WriteAllText(server.Served("main", "timestamp.json"), "nonsense");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.GetAsync("/health/ready")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.GetAsync("/health/live")).StatusCode);
    }
}

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

    /// <summary>To a program in a line, to a person as a page: whichever way the connection is served.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_not_there_is_said_to_a_person_as_a_page(bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);

        var program = await server.GetAsync("/main/oops");
        var person = await server.SendAsync(HttpMethod.Get, "/main/oops", ("Accept", "text/html,*/*;q=0.8"));
        var there = await server.SendAsync(HttpMethod.Get, "/main/root.json", ("Accept", "text/html,*/*;q=0.8"));

        Assert.Equal((HttpStatusCode.NotFound, "text/plain"), (program.StatusCode, program.Content.Headers.ContentType!.MediaType));
        Assert.Equal((HttpStatusCode.NotFound, "text/html"), (person.StatusCode, person.Content.Headers.ContentType!.MediaType));
        Assert.Contains("there is nothing of this name here", await person.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal((HttpStatusCode.OK, "application/json"), (there.StatusCode, there.Content.Headers.ContentType!.MediaType));
    }

    [Fact]
    public async Task A_file_larger_than_memory_keeps_comes_whole_and_in_parts()
    {
        await using var server = await Server.StartAsync();
        var content = new byte[3_000_001];
        new Random(1).NextBytes(content);
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

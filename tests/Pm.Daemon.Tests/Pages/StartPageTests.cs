using Xunit;

namespace Pm.Daemon.Tests.Pages;

/// <summary><c>/</c></summary>
public class StartPageTests
{
    [Fact]
    public async Task It_names_every_repository_and_begins_with_the_search()
    {
        await using var server = await Server.StartAsync(["stable", "darwin/amd64"]);

        var page = await server.PageAsync("/");

        Assert.Contains("/r/stable", page.Links);
        Assert.Contains("/r/darwin/amd64", page.Links);
        var box = Assert.Single(page.All("input"), input => input["name"] == "q");
        Assert.NotNull(box["autofocus"]);
    }

    [Fact]
    public async Task A_repository_that_cannot_be_read_does_not_hide_the_others()
    {
        await using var server = await Server.StartAsync(["good", "torn"]);
        server.Write("torn", "timestamp.json", "nonsense"u8);

        var page = await server.PageAsync("/");
        var json = await server.JsonAsync("/");

        Assert.Contains("/r/good", page.Links);
        Assert.Contains("cannot be read", page.Text, StringComparison.Ordinal);
        Assert.Equal([true, false], json.GetProperty("data").GetProperty("repositories").EnumerateArray().Select(r => r.GetProperty("readable").GetBoolean()));
    }
}

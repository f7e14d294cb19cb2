using System.Text;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary>A URL of a server that leads to none of its repositories.</summary>
public sealed class OtherRepositoriesTests : IDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-other-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData("", "stable", "`pm remote add URL/stable`")]
    [InlineData("", "stable testing", "`pm remote add URL` with one of URL/stable, URL/testing")]
    [InlineData("/stabel", "stable testing", "did you mean `pm remote add URL/stable`?")]
    [InlineData("/unlike", "a b c d e f g h i j k l", "URL/j and 2 more")]
    public async Task What_the_server_has_is_in_the_hint(string path, string namespaces, string hint)
    {
        var list = string.Join(',', namespaces.Split(' ').Select(name => $$"""{"namespace":"{{name}}"}"""));
        await using var server = new LyingServer(
            ".well-known/pm", Encoding.UTF8.GetBytes($$$"""{"schema":"pm/1","kind":"server","data":{"version":"1","repositories":[{{{list}}}]}}"""));

        var talk = await AddAsync(server.Url + path);

        Assert.Contains("PM6010", talk, StringComparison.Ordinal);
        Assert.Contains(hint.Replace("URL/", server.Url + "/", StringComparison.Ordinal), talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("<html>")]
    [InlineData("""{"schema":"pm/1","kind":"server","data":{"repositories":[]}}""")]
    public async Task A_server_that_does_not_say_gets_no_hint(string document)
    {
        await using var server = new LyingServer(".well-known/pm", Encoding.UTF8.GetBytes(document));

        Assert.DoesNotContain("hint", await AddAsync(server.Url), StringComparison.Ordinal);
    }

    async Task<string> AddAsync(string url)
    {
        using var world = new World(environment: new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = _directory });
        Assert.Equal(ExitCode.Unreachable, await world.RunAsync("remote", "add", "--trust-first-use", url));
        return world.Talk;
    }
}

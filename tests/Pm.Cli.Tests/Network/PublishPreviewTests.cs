using System.Text;
using Pm.Repositories.Tokens;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Xunit;

namespace Pm.Cli.Tests.Network;

/// <summary><c>pm publish -n</c> and <c>pm yank -n</c> to a server: no where the real run would be refused.</summary>
public sealed class PublishPreviewTests : IAsyncDisposable
{
    readonly string _directory = Directory.CreateTempSubdirectory("pm-preview-").FullName;
    readonly Dictionary<string, string> _answers = [];
    readonly LyingServer _server;

    public PublishPreviewTests()
    {
        _server = new LyingServer(path => Encoding.UTF8.GetBytes(_answers.GetValueOrDefault(path, "")))
        {
            LieAlways = async answer =>
            {
                var body = answer.Content is { Length: > 0 } content ? content
                    : Encoding.UTF8.GetBytes("""{"schema":"pm/1","kind":"error","data":{"code":"PM5005","message":"not published here"}}""");
                await answer.SendHeadAsync(answer.Content is { Length: > 0 } ? "200 OK" : "404 Not Found", $"Content-Length: {body.Length}");
                await answer.SendAsync(body);
            },
        };
        File.WriteAllBytes(Pkg, Package.Pkg);
        Say("token", "token", """{"id":"0123456789","scopes":["publish:tool","yank:tool"],"state":"active"}""");
    }

    static SimulatedPackage Package { get; } = new("tool@1.0.0");

    string Pkg => Path.Join(_directory, "tool-1.0.0.pkg");

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    [Fact]
    public async Task What_is_new_would_be_published_and_what_cannot_be_known_is_said()
    {
        var (exit, data, talk) = await RunAsync("publish", "-n", Pkg);

        Assert.Equal((ExitCode.Ok, "publish\ttool\t1.0.0\n"), (exit, data));
        Assert.Contains("whether the repository trusts who signed them", talk, StringComparison.Ordinal);
        Assert.Contains("tool-1.0.0.pkg is not signed", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_there_is_there()
    {
        Publish(Package.Package.Hash.ToString());

        Assert.Equal((ExitCode.Ok, "there\ttool\t1.0.0\n"), (await RunAsync("publish", "-n", Pkg)) is var (exit, data, _) ? (exit, data) : default);
    }

    [Fact]
    public async Task A_version_with_other_content_is_a_conflict()
    {
        Publish(new string('0', 64));

        var (exit, _, talk) = await RunAsync("publish", "-n", Pkg);

        Assert.Equal(ExitCode.Conflict, exit);
        Assert.Contains("PM5003", talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("publish")]
    [InlineData("yank")]
    public async Task A_token_for_something_else_is_refused(string verb)
    {
        Say("token", "token", """{"id":"0123456789","scopes":["publish:other*","yank:other","new-scope:x"],"state":"active"}""");

        var (exit, _, talk) = await RunAsync(verb, "-n", verb == "yank" ? "tool@1.0.0" : Pkg);

        Assert.Equal(ExitCode.NotPermitted, exit);
        Assert.Contains("PM5031", talk, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_not_published_cannot_be_withdrawn()
    {
        Assert.Equal(ExitCode.NotFound, (await RunAsync("yank", "-n", "tool@1.0.0")).Exit);
        Publish(null);
        Assert.Equal(ExitCode.Ok, (await RunAsync("yank", "-n", "tool@1.0.0")).Exit);
    }

    void Publish(string? hash) => Say(
        "packages/tool@1.0.0", "versions",
        $$"""{"name":"tool","versions":[{"name":"tool","version":"1.0.0"{{(hash is null ? "" : $",\"hash\":\"{hash}\"")}}}]}""");

    void Say(string path, string kind, string data) =>
        _answers[$"api/v1/{path}"] = $$"""{"schema":"pm/1","kind":"{{kind}}","data":{{data}}}""";

    async Task<(ExitCode Exit, string Data, string Talk)> RunAsync(string verb, params string[] words)
    {
        using var world = new World(environment: new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["HOME"] = _directory,
            ["PM_TOKEN"] = TokenSecret.Create().Text,
        });
        var exit = await world.RunAsync([verb, "--to", _server.Url, .. words]);
        return (exit, world.Data, world.Talk);
    }
}

using Pm.Remotes.Http;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests;

/// <summary>What a server says it has is a hint: wrong or hostile, there is none, and that is all.</summary>
public sealed class ServerDirectoryTests
{
    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_repositories_of_a_server_are_named_by_their_URLs()
    {
        var (found, url) = await FindAsync("""{"data":{"repositories":[{"namespace":"a/b"},{"namespace":"testing"}]}}"""u8.ToArray());

        Assert.Equal([$"{url}/a/b", $"{url}/testing"], found);
    }

    public static TheoryData<byte[]> Wrong => new(
        (byte[])[],
        "no JSON"u8.ToArray(),
        "[]"u8.ToArray(),
        """{"data":{"repositories":[{"namespace":7}]}}"""u8.ToArray(),
        (byte[])[.. "{\"data\":{\"repositories\":[{\"namespace\":\""u8, 0xbc, .. "\"}]}}"u8],
        (byte[])[.. "{\"data\":"u8, .. new byte[2 << 20]]);

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task What_is_no_such_list_is_none(byte[] answer)
    {
        var (found, _) = await FindAsync(answer);

        Assert.Empty(found);
    }

    static async Task<(List<string> Found, string Url)> FindAsync(byte[] answer)
    {
        await using var server = new LyingServer(".well-known/pm", answer);
        using var fetchers = new Fetchers(() => new HttpSettings { Attempts = 1 });
        var found = await ServerDirectory.FindAsync(fetchers, RemoteUrl.Parse($"{server.Url}/x", "/"), Cancellation);
        return ([.. found.Select(url => url.Text)], server.Url);
    }
}

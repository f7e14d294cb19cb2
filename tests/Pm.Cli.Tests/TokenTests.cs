using System.Text.Json;
using Xunit;

namespace Pm.Cli.Tests;

/// <summary>What cases cannot say: a token is named by what came out before.</summary>
public sealed class TokenTests : IDisposable
{
    readonly string _repository = Directory.CreateTempSubdirectory("pm-token-").FullName;

    public void Dispose() => Directory.Delete(_repository, recursive: true);

    [Fact]
    public async Task A_token_is_ended_once_and_stays_in_the_list()
    {
        await DataAsync("repo", "init", _repository);
        var id = (await DataAsync("token", "create", "--repo", _repository, "publish:*")).GetProperty("id").GetString()!;

        var dry = await DataAsync("token", "revoke", "-n", "--repo", _repository, id);
        var first = await DataAsync("token", "revoke", "--repo", _repository, id, id);
        var second = await DataAsync("token", "revoke", "--repo", _repository, id);
        var list = (await DataAsync("token", "list", "--repo", _repository)).GetProperty("tokens");

        Assert.Equal([1, 1, 0], ((JsonElement[])[dry, first, second]).Select(d => d.GetProperty("changed").GetArrayLength()));
        var token = Assert.Single(list.EnumerateArray());
        Assert.Equal("revoked", token.GetProperty("state").GetString());
        Assert.False(token.TryGetProperty("token", out _));
    }

    [Fact]
    public async Task A_token_that_leaked_is_ended_by_its_secret_which_nothing_shows()
    {
        await DataAsync("repo", "init", _repository);
        var made = await DataAsync("token", "create", "--repo", _repository, "publish:*");
        var (id, secret) = (made.GetProperty("id").GetString(), made.GetProperty("token").GetString()!);
        using var world = new World();

        Assert.Equal(ExitCode.Ok, await world.RunAsync("token", "revoke", "--repo", _repository, secret));
        Assert.Equal($"revoked\t{id}\n", world.Data);

        foreach (var wrong in new[] { secret[..^1], secret[..^1] + (secret[^1] == 'x' ? 'y' : 'x') })
        {
            Assert.Equal(ExitCode.NotFound, await world.RunAsync("token", "revoke", "--repo", _repository, wrong));
        }

        Assert.Contains("PM5037", world.Talk, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[..20], world.Talk + world.Data, StringComparison.Ordinal);
    }

    static async Task<JsonElement> DataAsync(params string[] words)
    {
        using var world = new World();
        Assert.True(await world.RunAsync([.. words, "--json"]) == ExitCode.Ok, world.Talk);
        return JsonDocument.Parse(world.Data).RootElement.GetProperty("data");
    }
}

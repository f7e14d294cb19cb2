using System.Net;
using Pm.Repositories.Tests;
using Pm.Repositories.Tokens;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>Who is let in.</summary>
public class TokenTests
{
    static readonly byte[] Pkg = new SamplePackage("foo@1.0", "one").ToPkg(isSigned: false);

    [Theory]
    [InlineData("GET", "tokens")]
    [InlineData("POST", "tokens")]
    [InlineData("DELETE", "tokens/0123456789")]
    [InlineData("GET", "audit")]
    [InlineData("POST", "publish")]
    [InlineData("POST", "yank")]
    [InlineData("PUT", "uploads/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")]
    public async Task Nothing_is_done_without_a_token_or_with_a_wrong_one(string method, string path)
    {
        await using var server = await PublishingServer.StartAsync();
        var none = await server.SendAsync(new HttpMethod(method), path, null);
        var before = await server.SendAsync(new HttpMethod(method), path, TokenSecret.Create().Text);
        var good = server.Token("publish:nothing");
        var wrong = await server.SendAsync(new HttpMethod(method), path, TokenSecret.Create().Text);
        var other = await server.SendAsync(new HttpMethod(method), path, good[..^1] + (good[^1] == 'x' ? 'y' : 'x'));

        Assert.All([none, before, wrong, other], answer => Assert.Equal("401 PM5030", answer.Refusal));
        Assert.Equal("Bearer realm=\"pm\"", none.Header("WWW-Authenticate"));
    }

    /// <summary>A reader's request makes no state.</summary>
    [Fact]
    public async Task Before_the_first_token_nothing_is_kept_about_publishers()
    {
        await using var server = await PublishingServer.StartAsync();

        await server.UploadAsync(TokenSecret.Create().Text, Pkg);

        Assert.False(Directory.Exists($"{server.Directory}/pmd"));
    }

    [Fact]
    public async Task A_token_of_one_repository_opens_no_other()
    {
        await using var server = await PublishingServer.StartAsync();
        await using var other = await PublishingServer.StartAsync();
        other.Token("publish:*");

        Assert.Equal("401 PM5030", (await other.UploadAsync(server.Token("publish:*"), Pkg)).Refusal);
    }

    [Fact]
    public async Task A_revoked_token_publishes_nothing_that_it_uploaded()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        await server.UploadAsync(token, Pkg);

        server.Revoke(token);

        var refused = await server.AskAsync(token, Pkg);
        Assert.Equal("401 PM5030", refused.Refusal);
        Assert.Contains("was revoked on", refused.Message);
        Assert.Empty(server.Listed());
    }

    [Fact]
    public async Task A_token_in_the_address_is_none()
    {
        await using var server = await PublishingServer.StartAsync();

        Assert.Equal("401 PM5030", (await server.SendAsync(HttpMethod.Get, $"tokens?token={server.Token("admin")}", null)).Refusal);
    }

    [Fact]
    public async Task Who_guesses_too_often_has_to_wait_and_who_has_a_good_one_does_not()
    {
        await using var server = await PublishingServer.StartAsync(s => s with { TokenGuesses = 3 });
        var good = server.Token("publish:*");
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("401 PM5030", (await server.LookAsJsonAsync(TokenSecret.Create().Text)).Refusal);
        }

        var refused = await server.LookAsJsonAsync(TokenSecret.Create().Text);
        Assert.Equal("429 PM5032", refused.Refusal);
        Assert.InRange(int.Parse(refused.Header("Retry-After"), null), 1, 60);
        Assert.NotEqual("429 PM5032", (await server.LookAsJsonAsync(good)).Refusal);
    }

    [Fact]
    public async Task A_token_makes_so_many_requests_a_minute()
    {
        await using var server = await PublishingServer.StartAsync(s => s with { TokenRequests = 2 });
        var token = server.Token("admin");

        Assert.Equal(HttpStatusCode.OK, (await server.LookAsJsonAsync(token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.LookAsJsonAsync(token)).Status);
        Assert.Equal("429 PM5032", (await server.LookAsJsonAsync(token)).Refusal);
    }

    [Fact]
    public async Task An_administrator_makes_lists_and_ends_tokens_and_the_log_has_it()
    {
        await using var server = await PublishingServer.StartAsync();
        var admin = server.Token("admin");

        var made = await server.PostAsync("tokens", admin, """{"scopes":["publish:foo"],"note":"build machine","expires":"2099-12-31T00:00:00Z"}""");
        var secret = made.Data.GetProperty("token").GetString()!;
        var id = made.Data.GetProperty("id").GetString();
        Assert.Equal(HttpStatusCode.Created, made.Status);
        Assert.Equal("no-store", made.Response.Headers.CacheControl!.ToString());
        Assert.Equal(HttpStatusCode.OK, (await server.PublishAsync(secret, new SamplePackage("foo@1.0", "one"))).Status);

        var list = await server.SendAsync(HttpMethod.Get, "tokens", admin);
        Assert.Contains(list.Data.GetProperty("tokens").EnumerateArray(), token => token.GetProperty("id").GetString() == id);
        Assert.DoesNotContain(secret, list.Json.GetRawText());

        var ended = await server.SendAsync(HttpMethod.Delete, $"tokens/{id}", admin);
        Assert.True(ended.Data.GetProperty("changed").GetBoolean());
        Assert.Equal("401 PM5030", (await server.AskAsync(secret, Pkg)).Refusal);

        var log = await server.SendAsync(HttpMethod.Get, "audit?limit=4", admin);
        Assert.Equal(
            ["publish", "token revoke", "publish", "token create"],
            log.Data.GetProperty("entries").EnumerateArray().Select(entry => entry.GetProperty("action").GetString()));
        Assert.DoesNotContain(secret, log.Json.GetRawText());
        Assert.DoesNotContain(secret, await File.ReadAllTextAsync($"{server.Directory}/settings.json", TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Everybody_may_ask_what_the_own_token_is_for()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:foo*");

        var answer = await server.SendAsync(HttpMethod.Get, "token", token);

        Assert.Equal(PublishingServer.IdOf(token), answer.Data.GetProperty("id").GetString());
        Assert.Equal("publish:foo*", answer.Data.GetProperty("scopes")[0].GetString());
        Assert.DoesNotContain(token, answer.Json.GetRawText());
    }

    [Theory]
    [InlineData("""{"scopes":[]}""", "400 PM5036")]
    [InlineData("""{"scopes":["root"]}""", "400 PM5036")]
    [InlineData("""{"scopes":["yank"],"expires":"2001-01-01T00:00:00Z"}""", "400 PM5036")]
    [InlineData("""{"scopes":["yank"],"expires":"tomorrow"}""", "400 PM5039")]
    [InlineData("""{"scopes":"yank"}""", "400 PM5039")]
    [InlineData("""{}""", "400 PM5039")]
    public async Task Tokens_that_cannot_be_are_not_made(string json, string refusal)
    {
        await using var server = await PublishingServer.StartAsync();

        Assert.Equal(refusal, (await server.PostAsync("tokens", server.Token("admin"), json)).Refusal);
    }

    [Fact]
    public async Task Only_an_administrator_administers()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*", "yank");

        Assert.Equal("403 PM5031", (await server.SendAsync(HttpMethod.Get, "tokens", token)).Refusal);
        Assert.Equal("403 PM5031", (await server.PostAsync("tokens", token, """{"scopes":["admin"]}""")).Refusal);
        Assert.Equal("403 PM5031", (await server.SendAsync(HttpMethod.Delete, "tokens/0123456789", token)).Refusal);
        Assert.Equal("403 PM5031", (await server.SendAsync(HttpMethod.Get, "audit", token)).Refusal);
        Assert.Equal("403 PM5031", (await server.UploadAsync(server.Token("admin", "yank"), Pkg)).Refusal);
    }

    /// <summary>What a keeper looks for after a theft.</summary>
    [Fact]
    public async Task Refusals_of_tokens_that_somebody_made_are_in_the_log_and_few_of_them()
    {
        await using var server = await PublishingServer.StartAsync();
        var (admin, narrow, stolen) = (server.Token("admin"), server.Token("publish:foo"), server.Token("publish:*"));
        server.Revoke(stolen);

        await server.PostAsync("yank", narrow, """{"name":"foo","version":"1.0","reason":"x"}""");
        await server.SendAsync(HttpMethod.Get, "tokens", narrow);
        for (var i = 0; i < 50; i++)
        {
            await server.UploadAsync(stolen, Pkg);
        }

        await server.UploadAsync(TokenSecret.Create().Text, Pkg);
        var log = (await server.SendAsync(HttpMethod.Get, "audit?limit=1000", admin)).Data.GetProperty("entries").EnumerateArray()
            .Select(entry => $"{entry.GetProperty("actor").GetString()} {entry.GetProperty("action").GetString()} {entry.GetProperty("result").GetString()}").ToList();

        Assert.Contains($"token {PublishingServer.IdOf(narrow)} yank PM5031", log);
        Assert.Contains($"token {PublishingServer.IdOf(narrow)} token list PM5031", log);
        Assert.Equal(20, log.Count(line => line == $"token {PublishingServer.IdOf(stolen)} upload PM5030"));
        Assert.Equal(22, log.Count(line => line.Contains(" PM", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task No_secret_comes_into_the_logs()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        await server.PublishAsync(token, new SamplePackage("foo@1.0", "one"));

        var line = await server.Server.LogLineAsync("POST /main/api/v1/publish");

        Assert.DoesNotContain(token, line + server.Server.Talk);
        Assert.Contains($"token:{PublishingServer.IdOf(token)}", line);
    }
}

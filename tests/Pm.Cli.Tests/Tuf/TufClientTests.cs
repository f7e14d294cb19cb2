using System.Text;
using Pm.Simulation.Lying;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Cli.Tests.Tuf;

/// <summary>The protocol of <c>pm tuf-client</c>, as who drives it from outside sees it: exit codes, files, requests.</summary>
public sealed class TufClientTests : IAsyncDisposable
{
    /// <summary>Without those that only a time limit ends: the clock of these tests stands still.</summary>
    static readonly Dictionary<string, Lie> Told = new()
    {
        ["short body"] = Lies.ShortBodyAsync,
        ["long body"] = Lies.LongBodyAsync,
        ["no end"] = Lies.EndlessBodyAsync,
        ["two lengths"] = Lies.TwoLengthsAsync,
        ["length and chunks"] = Lies.LengthAndChunksAsync,
        ["negative chunk"] = Lies.ChunkSize("-1"),
        ["huge chunk"] = Lies.ChunkSize("7fffffffffffffff"),
        ["no last chunk"] = Lies.NoLastChunkAsync,
        ["endless headers"] = Lies.EndlessHeadersAsync,
        ["huge header"] = Lies.HugeHeaderAsync,
        ["wrong bytes"] = Lies.WrongBytesAsync,
        ["longer than signed"] = Lies.TooLongAsync,
        ["empty"] = Lies.EmptyAsync,
        ["second answer"] = Lies.SecondAnswerAsync,
        ["reset"] = Lies.ResetAsync,
        ["closed after"] = Lies.CloseAfterAsync,
        ["redirect loop"] = Lies.RedirectTo(a => a.Request.Target),
        ["redirect to a file"] = Lies.RedirectTo("file:///etc/passwd"),
        ["portal"] = Lies.PortalAsync,
        ["bomb"] = Lies.Encoded("gzip"),
        ["304"] = Lies.Status("304 Not Modified"),
        ["401"] = Lies.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\""),
        ["404"] = Lies.Status("404 Not Found"),
        ["500"] = Lies.Status("500 Internal Server Error"),
        ["no HTTP"] = Lies.NoHttpAsync,
    };

    readonly TufStory _story = new();

    // The command line.

    [Fact]
    public async Task Init_copies_the_root_and_asks_nobody()
    {
        Assert.Equal(0, await _story.InitAsync());

        Assert.Equal(["root.json"], _story.Believed);
        Assert.Equal(_story.Repository.Files["1.root.json"], _story.BelievedBytes("root.json"));
        Assert.Empty(_story.Asked);
    }

    [Theory]
    [InlineData]
    [InlineData("refresh")]
    [InlineData("--metadata-dir", "m", "refresh")]
    [InlineData("--metadata-dir", "m", "init")]
    [InlineData("--metadata-dir", "m", "init", "missing.json")]
    [InlineData("--metadata-dir", "m", "--metadata-url", "http://127.0.0.1:1/", "refresh")]
    [InlineData("--metadata-dir", "m", "--metadata-url", "http://127.0.0.1:1/", "refresh", "file")]
    [InlineData("--metadata-dir", "m", "--metadata-url", "http://127.0.0.1:1/", "download")]
    [InlineData("--metadata-dir", "m", "--metadata-url", "http://127.0.0.1:1/", "--target-name", "x", "download")]
    [InlineData("--metadata-dir", "m", "--metadata-url", "http://127.0.0.1:1/", "--target-name", "x", "--target-base-url", "http://127.0.0.1:1/", "download")]
    [InlineData("--metadata-dir", "m", "--metadata-url", "no URL?", "refresh")]
    [InlineData("--metadata-dir", "m", "upgrade")]
    [InlineData("--unknown", "refresh")]
    [InlineData("--metadata-dir", "m", "refresh", "--json=x")]
    public async Task Every_failure_ends_with_one(params string[] words)
    {
        Assert.Equal(1, await _story.RunAsync(words));
        Assert.Contains("error[PM", _story.Talk, StringComparison.Ordinal);
    }

    // Refresh: requests and what is believed.

    [Fact]
    public async Task The_first_refresh_asks_for_each_file_once_in_the_order_of_the_workflow()
    {
        _story.Repository.PublishRoot();
        await _story.InitAsync();

        Assert.Equal(0, await _story.RefreshAsync());

        Assert.Equal(["2.root.json", "3.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"], _story.Asked);
        AssertBelieved("root", "snapshot", "targets", "timestamp");
    }

    [Fact]
    public async Task A_refresh_without_news_asks_for_a_root_and_the_timestamp()
    {
        await RefreshedAsync();

        Assert.Equal(0, await _story.RefreshAsync());

        Assert.Equal(["2.root.json", "timestamp.json"], _story.Asked);
    }

    [Fact]
    public async Task Without_consistent_snapshots_files_have_no_versions_in_their_names()
    {
        _story.Repository.IsConsistentSnapshot = false;
        _story.Repository.PublishRoot();
        await _story.InitAsync();
        _story.Repository.Targets["a/b"] = _story.Serve("a/b", "content");
        _story.Repository.Publish();

        Assert.Equal(0, await _story.DownloadAsync("a/b"));

        Assert.Equal(["2.root.json", "3.root.json", "timestamp.json", "snapshot.json", "targets.json", "/targets/a/b"], _story.Asked);
    }

    [Fact]
    public async Task A_refused_timestamp_leaves_all_that_was_believed()
    {
        _story.Repository.Publish();
        await RefreshedAsync();
        var before = _story.BelievedBytes("timestamp.json");
        _story.Repository.TimestampVersion = 0;
        _story.Repository.PublishTimestamp();

        Assert.Equal(1, await _story.RefreshAsync());

        Assert.Contains("rollback attack refused", _story.Talk, StringComparison.Ordinal);
        Assert.Equal(before, _story.BelievedBytes("timestamp.json"));
        Assert.Equal(["root.json", "snapshot.json", "targets.json", "timestamp.json"], _story.Believed);
    }

    [Fact]
    public async Task What_was_accepted_before_the_failure_is_believed()
    {
        await RefreshedAsync();
        var snapshot = _story.BelievedBytes("snapshot.json");
        _story.Repository.PublishRoot();
        _story.Repository.Publish();
        _story.Server.Lies["metadata/2.snapshot.json"] = Lies.WrongBytesAsync;

        Assert.Equal(1, await _story.RefreshAsync());

        Assert.Equal(_story.Repository.Files["2.root.json"], _story.BelievedBytes("root.json"));
        Assert.Equal(_story.Repository.Files["timestamp.json"], _story.BelievedBytes("timestamp.json"));
        Assert.Equal(snapshot, _story.BelievedBytes("snapshot.json"));

        _story.Server.Lies.Clear();
        Assert.Equal(0, await _story.RefreshAsync());
        Assert.Equal(["3.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"], _story.Asked);
    }

    [Fact]
    public async Task A_root_that_is_not_there_ends_the_chain_and_any_other_failure_ends_the_run()
    {
        await RefreshedAsync();
        _story.Server.Lies["metadata/2.root.json"] = Lies.Status("500 Internal Server Error");

        Assert.Equal(1, await _story.RefreshAsync());

        // Once: no wait for another attempt, which a clock that stands still would never end.
        Assert.Equal(["2.root.json"], _story.Asked);
    }

    [Fact]
    public async Task An_expired_last_root_is_refused_and_the_one_after_it_helps()
    {
        await RefreshedAsync();
        _story.Repository.PublishRootUntil(_story.Now.AddDays(-1));
        Assert.Equal(1, await _story.RefreshAsync());
        Assert.Equal(_story.Repository.Files["2.root.json"], _story.BelievedBytes("root.json"));
        Assert.Equal(["2.root.json", "3.root.json"], _story.Asked);

        _story.Repository.PublishRoot();
        Assert.Equal(0, await _story.RefreshAsync());
    }

    [Fact]
    public async Task What_expires_between_two_runs_is_refused_in_the_second()
    {
        await RefreshedAsync();
        _story.Now = _story.Now.AddDays(31);
        _story.Repository.PublishRootUntil(_story.Now.AddDays(30));

        Assert.Equal(1, await _story.RefreshAsync());

        Assert.Contains("timestamp: frozen since", _story.Talk, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    public async Task After_the_keys_of_an_online_role_were_changed_lower_versions_are_believed(string role)
    {
        (_story.Repository.TimestampVersion, _story.Repository.SnapshotVersion, _story.Repository.TargetsVersion) = (1000, 1000, 1000);
        _story.Repository.Publish();
        await RefreshedAsync();
        _story.Repository.Rotate(role);
        (_story.Repository.TimestampVersion, _story.Repository.SnapshotVersion, _story.Repository.TargetsVersion) = (1, 1, 1);
        _story.Repository.Publish();

        Assert.Equal(0, await _story.RefreshAsync());

        AssertBelieved("root", "snapshot", "targets", "timestamp");
        Assert.Equal(["2.root.json", "3.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"], _story.Asked);
    }

    [Fact]
    public async Task Damaged_files_of_the_client_are_fetched_again()
    {
        await RefreshedAsync();
        foreach (var name in (string[])["timestamp.json", "snapshot.json", "targets.json"])
        {
            await File.WriteAllTextAsync(Path.Join(_story.Metadata, name), "{ not metadata", TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, await _story.RefreshAsync());

        AssertBelieved("root", "snapshot", "targets", "timestamp");
    }

    [Fact]
    public async Task A_timestamp_without_end_is_cut_off()
    {
        await _story.InitAsync();
        _story.Server.Lies["metadata/timestamp.json"] = Lies.EndlessBodyAsync;

        Assert.Equal(1, await _story.RefreshAsync());

        Assert.Contains("PM6004", _story.Talk, StringComparison.Ordinal);
        Assert.Equal(["root.json"], _story.Believed);
    }

    [Fact]
    public async Task A_connection_is_kept_and_one_that_was_closed_is_made_anew()
    {
        await _story.InitAsync();
        _story.Server.Lies["metadata/timestamp.json"] = Lies.CloseAfterAsync;

        Assert.True(await _story.RefreshAsync() == 0, _story.Talk);

        Assert.Equal(["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"], _story.Asked);
        Assert.Equal(2, _story.Server.Connections);
    }

    public static TheoryData<string> AllLies => [.. Told.Keys];

    [Theory]
    [MemberData(nameof(AllLies))]
    public async Task Whatever_a_server_says_the_client_believes_what_is_signed_or_nothing_new(string lie)
    {
        await RefreshedAsync();
        _story.Repository.Publish();
        foreach (var about in (string[])["timestamp.json", "2.snapshot.json", "2.targets.json"])
        {
            _story.Server.LiesAbout = path => path == $"metadata/{about}";
            _story.Server.LieAlways = Told[lie];
            var before = _story.Believed.ToDictionary(name => name, _story.BelievedBytes);
            var sent = _story.Server.SentBytes;

            var exit = await _story.RefreshAsync();

            Assert.True(exit is 0 or 1);
            Assert.True(_story.Server.SentBytes - sent < 16 << 20);
            foreach (var name in _story.Believed)
            {
                Assert.Contains(_story.BelievedBytes(name), new[] { before[name], _story.Repository.Files[name] });
            }
        }

        _story.Server.LieAlways = null;
        Assert.Equal(0, await _story.RefreshAsync());
        AssertBelieved("root", "snapshot", "targets", "timestamp");
    }

    // Downloads.

    [Fact]
    public async Task A_target_is_fetched_by_its_hash_and_kept_by_its_path()
    {
        await _story.InitAsync();
        _story.Publish("path/to/file.txt", "content");
        var hash = _story.Repository.Targets["path/to/file.txt"].Hashes.Sha256;

        Assert.Equal(0, await _story.DownloadAsync("path/to/file.txt"));

        Assert.Equal(["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json", $"/targets/path/to/{hash}.file.txt"], _story.Asked);
        Assert.Equal(["path%2Fto%2Ffile.txt"], _story.Downloaded);
        Assert.Equal("content", await ContentAsync("path%2Fto%2Ffile.txt"));
    }

    [Fact]
    public async Task A_target_that_is_there_is_not_fetched_again()
    {
        await _story.InitAsync();
        _story.Publish("file", "content");
        await _story.DownloadAsync("file");

        Assert.Equal(0, await _story.DownloadAsync("file"));

        Assert.Equal(["2.root.json", "timestamp.json"], _story.Asked);
    }

    [Theory]
    [InlineData("contest")]
    [InlineData("con")]
    [InlineData("content and more")]
    public async Task A_target_that_was_altered_here_is_fetched_again(string altered)
    {
        await _story.InitAsync();
        _story.Publish("file", "content");
        await _story.DownloadAsync("file");
        await File.WriteAllTextAsync(Path.Join(_story.Targets, "file"), altered, TestContext.Current.CancellationToken);

        Assert.Equal(0, await _story.DownloadAsync("file"));

        Assert.Equal("content", await ContentAsync("file"));
    }

    [Fact]
    public async Task A_target_that_changed_replaces_the_file()
    {
        await _story.InitAsync();
        _story.Publish("file", "content");
        await _story.DownloadAsync("file");
        _story.Publish("file", "another");

        Assert.Equal(0, await _story.DownloadAsync("file"));

        Assert.Equal(["file"], _story.Downloaded);
        Assert.Equal("another", await ContentAsync("file"));
    }

    [Fact]
    public async Task Several_targets_cost_one_refresh_and_come_in_the_order_given()
    {
        await _story.InitAsync();
        _story.Publish("a", "1");
        _story.Publish("b", "2");

        Assert.Equal(0, await _story.DownloadAsync("b", "a", "b"));

        Assert.Equal(["2.root.json", "timestamp.json", "3.snapshot.json", "3.targets.json"], _story.Asked.Take(4));
        Assert.Equal(["b", "a"], _story.Asked.Skip(4).Select(target => target.Split('.')[^1]));
    }

    [Fact]
    public async Task The_first_target_that_cannot_be_had_ends_the_run()
    {
        await _story.InitAsync();
        _story.Publish("a", "1");
        _story.Publish("b", "2");

        Assert.Equal(1, await _story.DownloadAsync("a", "missing", "b"));

        Assert.Equal(["a"], _story.Downloaded);
    }

    public static TheoryData<string> WrongBodies =>
    [
        "wrong bytes", "longer than signed", "empty", "short body", "no end", "404", "500", "reset", "portal", "redirect loop", "bomb", "no last chunk", "304",
    ];

    [Theory]
    [MemberData(nameof(WrongBodies))]
    public async Task Nothing_is_kept_of_what_is_not_what_was_signed(string lie)
    {
        await _story.InitAsync();
        _story.Publish("file", "content");
        await _story.DownloadAsync("file");
        _story.Publish("file", "another content");
        _story.Server.LiesAbout = path => path.StartsWith("targets/", StringComparison.Ordinal);
        _story.Server.LieAlways = Told[lie];

        Assert.Equal(1, await _story.DownloadAsync("file"));

        Assert.Equal(["file"], _story.Downloaded);
        Assert.Equal("content", await ContentAsync("file"));
    }

    [Theory]
    [InlineData("file with blanks.txt", "file%20with%20blanks.txt", "file%20with%20blanks.txt")]
    [InlineData("a?b#c%d", "a%3Fb%23c%25d", "a%3Fb%23c%25d")]
    [InlineData("ü/日本", "%C3%BC/HASH.%E6%97%A5%E6%9C%AC", "%C3%BC%2F%E6%97%A5%E6%9C%AC")]
    [InlineData("/absolute", "/HASH.absolute", "%2Fabsolute")]
    [InlineData("a\\b", "a%5Cb", "a%5Cb")]
    [InlineData("dir/..file", "dir/HASH...file", "dir%2F..file")]
    public async Task The_path_of_a_target_is_quoted_in_the_URL_and_is_one_file(string path, string inUrl, string onDisk)
    {
        await _story.InitAsync();
        _story.Publish(path, "content");
        var hash = _story.Repository.Targets[path].Hashes.Sha256;

        Assert.Equal(0, await _story.DownloadAsync(path));

        var expected = inUrl.Contains("HASH", StringComparison.Ordinal) ? inUrl.Replace("HASH", hash, StringComparison.Ordinal) : $"{hash}.{inUrl}";
        Assert.Equal($"/targets/{expected}", _story.Asked.Last());
        Assert.Equal([onDisk], _story.Downloaded);
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../b")]
    public async Task A_path_that_would_lead_out_of_the_targets_is_refused(string path)
    {
        await _story.InitAsync();
        _story.Publish(path, "content");

        Assert.Equal(1, await _story.DownloadAsync(path));

        Assert.Contains("PM6005", _story.Talk, StringComparison.Ordinal);
        Assert.Empty(_story.Downloaded);
    }

    // Delegated roles.

    [Fact]
    public async Task Delegated_roles_are_fetched_when_a_target_needs_them_and_kept_by_their_names()
    {
        await _story.InitAsync();
        var (unrelated, outer, inner) = (_story.Role("unrelated", "y"), _story.Role("outer", "x*"), _story.Role("inner", "x"));
        inner.Targets["x"] = _story.Serve("x", "content");
        outer.Delegated.Add(inner);
        _story.Repository.Delegated.AddRange([unrelated, outer]);
        _story.Repository.PublishDelegated(unrelated, outer, inner);
        _story.Repository.Publish();

        Assert.Equal(0, await _story.RefreshAsync());
        Assert.DoesNotContain(_story.Asked, asked => asked.Contains("outer", StringComparison.Ordinal));
        Assert.Equal(0, await _story.DownloadAsync("x"));
        Assert.Equal(["2.outer.json", "2.inner.json"], _story.Asked.Skip(2).Take(2));
        AssertBelieved("inner", "outer", "root", "snapshot", "targets", "timestamp");

        Assert.Equal(0, await _story.DownloadAsync("x"));
        Assert.Equal(["2.root.json", "timestamp.json"], _story.Asked);
    }

    [Theory]
    [InlineData("", "1..json", ".json")]
    [InlineData("..", "1....json", "...json")]
    [InlineData("../../escape", "1...%2F..%2Fescape.json", "..%2F..%2Fescape.json")]
    [InlineData("a/b", "1.a%2Fb.json", "a%2Fb.json")]
    [InlineData("a b?c#d%2f&\"", "1.a%20b%3Fc%23d%252f%26%22.json", "a%20b%3Fc%23d%252f%26%22.json")]
    [InlineData("rôle", "1.r%C3%B4le.json", "r%C3%B4le.json")]
    public async Task The_name_of_a_role_is_quoted_in_the_URL_and_is_one_file(string name, string inUrl, string onDisk)
    {
        await _story.InitAsync();
        var role = _story.Role(name, "x");
        role.Version = 0;
        role.Targets["x"] = _story.Serve("x", "content");
        _story.Repository.SignDelegated(role);
        _story.Repository.Delegated.Add(role);
        _story.Repository.Publish();

        Assert.True(await _story.DownloadAsync("x") == 0, _story.Talk);

        Assert.Equal(inUrl, _story.Asked.ElementAt(4));
        Assert.Equal(new[] { onDisk, "root.json", "snapshot.json", "targets.json", "timestamp.json" }.Order(StringComparer.Ordinal), _story.Believed);
        Assert.Equal(_story.Repository.Files[$"1.{name}.json"], _story.BelievedBytes(onDisk));
    }

    [Fact]
    public async Task A_name_that_is_too_long_for_a_file_is_kept_by_its_digest()
    {
        await _story.InitAsync();
        var role = _story.Role(new string('n', 300), "x");
        role.Targets["x"] = _story.Serve("x", "content");
        _story.Repository.Delegated.Add(role);
        _story.Repository.PublishDelegated(role);
        _story.Repository.Publish();

        Assert.True(await _story.DownloadAsync("x") == 0, _story.Talk);

        Assert.Equal($"2.{role.Name}.json", _story.Asked.ElementAt(4));
        Assert.StartsWith("=", _story.Believed.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_an_earlier_target_led_to_is_held_against_the_keys_of_who_leads_to_it_now()
    {
        await _story.InitAsync();
        var shared = _story.Role("shared", "x", "y");
        (shared.Targets["x"], shared.Targets["y"]) = (_story.Serve("x", "1"), _story.Serve("y", "2"));
        var (a, b) = (_story.Role("a", "x"), _story.Role("b", "y"));
        a.Delegated.Add(shared);
        b.Delegated.Add(new SimulatedRole("shared", _story.Repository.NewKey()) { Paths = ["x", "y"] });
        _story.Repository.Delegated.AddRange([a, b]);
        _story.Repository.PublishDelegated(a, b, shared);
        _story.Repository.Publish();

        Assert.Equal(1, await _story.DownloadAsync("x", "y"));

        Assert.Equal("1", await ContentAsync("x"));
        Assert.Equal(["x"], _story.Downloaded);
        Assert.Single(_story.Asked, asked => asked.Contains("shared", StringComparison.Ordinal));

        // Nor is what is kept of it from then believed in a run of its own.
        Assert.Equal(1, await _story.DownloadAsync("y"));
        Assert.Equal(["x"], _story.Downloaded);
    }

    [Fact]
    public async Task A_delegated_role_that_fails_leaves_what_was_believed_of_it()
    {
        await _story.InitAsync();
        var role = _story.Role("a", "x");
        role.Targets["x"] = _story.Serve("x", "content");
        _story.Repository.Delegated.Add(role);
        _story.Repository.PublishDelegated(role);
        _story.Repository.Publish();
        await _story.DownloadAsync("x");
        var before = _story.BelievedBytes("a.json");
        role.Keys[0] = _story.Repository.NewKey();
        _story.Repository.PublishDelegated(role);

        Assert.Equal(1, await _story.DownloadAsync("x"));

        Assert.Equal(before, _story.BelievedBytes("a.json"));
    }

    [Fact]
    public async Task Bins_in_few_words_are_found()
    {
        await _story.InitAsync();
        _story.Repository.Succinct = new SuccinctRoles(new RoleKeys([_story.Key.Public.Id], 1), 4, "bin");
        _story.Repository.BinKeys.Add(_story.Key);
        var bin = _story.Role(_story.Repository.Succinct.RoleFor("x").Name);
        bin.Targets["x"] = _story.Serve("x", "content");
        _story.Repository.Others.Add(bin);
        _story.Repository.PublishDelegated(bin);
        _story.Repository.Publish();

        Assert.Equal(0, await _story.DownloadAsync("x"));

        Assert.Equal($"2.{bin.Name}.json", _story.Asked.ElementAt(4));
    }

    [Fact]
    public async Task Keys_of_all_types_are_believed()
    {
        using var ecdsa = new EcdsaSigner();
        using var old = new EcdsaSigner("ecdsa-sha2-nistp256", isHex: true);
        using var rsa = new RsaSigner();
        _story.Repository.Keys["timestamp"] = [ecdsa];
        _story.Repository.Keys["snapshot"] = [rsa];
        _story.Repository.Keys["targets"] = [old];
        _story.Repository.PublishRoot();
        _story.Repository.Publish();
        await _story.InitAsync();

        Assert.True(await _story.RefreshAsync() == 0, _story.Talk);
    }

    public ValueTask DisposeAsync() => _story.DisposeAsync();

    async Task RefreshedAsync()
    {
        await _story.InitAsync();
        Assert.True(await _story.RefreshAsync() == 0, _story.Talk);
    }

    Task<string> ContentAsync(string name) =>
        File.ReadAllTextAsync(Path.Join(_story.Targets, name), Encoding.UTF8, TestContext.Current.CancellationToken);

    void AssertBelieved(params string[] roles)
    {
        Assert.Equal(roles.Select(role => $"{role}.json"), _story.Believed);
        foreach (var role in roles)
        {
            Assert.Equal(_story.Repository.Files[$"{role}.json"], _story.BelievedBytes($"{role}.json"));
        }
    }
}

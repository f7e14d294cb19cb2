using System.Text;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Tests;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Remotes.Tests;

/// <summary>The client over a repository in memory; its rules one by one are tested with <see cref="TrustedMetadataSet"/>.</summary>
public sealed class PullTests : IDisposable
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly RepositorySimulator _repository = new(Now);
    readonly SimulatedFetcher _fetcher;
    readonly RepositoryClient _client;
    readonly KeptIndex _kept = new();

    public PullTests()
    {
        _fetcher = new SimulatedFetcher(_repository.Files);
        _client = new RepositoryClient("testing", _fetcher, _directory["tuf/testing"]);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _directory.Dispose();
    }

    [Fact]
    public async Task Nothing_is_pulled_from_a_remote_that_nobody_trusted()
    {
        var refused = await Assert.ThrowsAsync<RemoteException>(PullAsync);

        Assert.Equal("PM6007", refused.Code);
        Assert.Equal("pm remote trust testing --fingerprint HEX", refused.Hint);
        Assert.Empty(_fetcher.Requests);
    }

    [Fact]
    public async Task A_first_pull_follows_the_workflow_and_keeps_every_byte()
    {
        await TrustAsync();
        Add("foo/1.0");
        _fetcher.Requests.Clear();

        var result = await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json", "2.snapshot.json", "2.targets.json"], _fetcher.Requests);
        Assert.True(result.IsNew);
        Assert.Equal(["foo@1.0"], _kept.Changes.Added);
        foreach (var name in (string[])["root.json", "timestamp.json", "snapshot.json", "targets.json"])
        {
            Assert.Equal(_repository.Files[name], File.ReadAllBytes(_directory[$"tuf/testing/{name}"]));
        }
    }

    [Fact]
    public async Task An_unchanged_repository_costs_its_timestamp()
    {
        await TrustAsync();
        await PullAsync();
        _fetcher.Requests.Clear();

        var result = await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json"], _fetcher.Requests);
        Assert.False(result.IsNew);
    }

    [Fact]
    public async Task What_changed_since_the_last_pull_is_told()
    {
        await TrustAsync();
        Add("foo/1.0", "bar/1.0");
        await PullAsync();
        _repository.Targets.Clear();
        _repository.AddTarget("foo/1.0", [1], """{"merkle":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","yanked":true}""");
        Add("foo/1.1");

        await PullAsync();

        Assert.Equal(["foo@1.1"], _kept.Changes.Added);
        Assert.Equal(["bar@1.0"], _kept.Changes.Removed);
        Assert.Equal(["foo@1.0"], _kept.Changes.Yanked);
    }

    [Fact]
    public async Task Without_the_remote_the_last_state_is_there_with_its_age()
    {
        await TrustAsync();
        Add("foo/1.0");
        await PullAsync();
        _repository.Files.Clear();

        var kept = new PulledRepository(_kept.Index!, _directory["tuf/testing"]);

        Assert.NotNull(kept.Find(PackageId.Parse("foo@1.0")));
        Assert.Equal(_repository.Expires, kept.Expires);
    }

    [Fact]
    public async Task Targets_that_are_no_packages_are_ignored_and_named()
    {
        await TrustAsync();
        _repository.AddTarget("README", [1]);
        _repository.AddTarget("Foo/1.0", [1], """{"merkle":"00"}""");
        _repository.AddTarget("bar/1.0", [1], """{"merkle":7}""");
        Add("foo/1.0");

        var result = await PullAsync();

        Assert.Equal(["foo@1.0"], _kept.Packages);
        Assert.Equal(3, result.Ignored.Length);
        Assert.Contains(result.Ignored, reason => reason.Contains("README", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_update_leaves_the_old_files_and_what_was_accepted_before_it()
    {
        await TrustAsync();
        await PullAsync();
        _repository.PublishRoot();
        Add("foo/1.0");
        _repository.Files["2.targets.json"] = Encoding.UTF8.GetBytes("{}");
        var targets = File.ReadAllBytes(_directory["tuf/testing/targets.json"]);

        await Assert.ThrowsAsync<MismatchException>(PullAsync);

        Assert.Equal(targets, File.ReadAllBytes(_directory["tuf/testing/targets.json"]));
        Assert.Equal(_repository.Files["2.root.json"], File.ReadAllBytes(_directory["tuf/testing/root.json"]));
    }

    [Theory]
    [InlineData("2.root.json")]
    [InlineData("timestamp.json")]
    [InlineData("2.snapshot.json")]
    [InlineData("2.targets.json")]
    public async Task Endless_data_is_cut_off_at_the_limit(string file)
    {
        await TrustAsync();
        Add("foo/1.0");
        var endless = new EndlessStream();
        _fetcher.Lies[file] = () => endless;

        var refused = await Assert.ThrowsAsync<RemoteException>(PullAsync);

        Assert.Equal("PM6004", refused.Code);
        Assert.True(endless.Taken < 4 * MetadataLimits.Root, $"{endless.Taken} bytes");
    }

    [Theory]
    [InlineData("timestamp.json")]
    [InlineData("1.snapshot.json")]
    [InlineData("1.targets.json")]
    public async Task A_file_that_is_missing_is_named(string file)
    {
        await TrustAsync();
        _repository.Files.Remove(file);

        var refused = await Assert.ThrowsAsync<RemoteException>(PullAsync);

        Assert.Equal("PM6009", refused.Code);
        Assert.Contains(file, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Kept_versions_are_forgotten_when_the_online_keys_were_rotated()
    {
        await TrustAsync();
        _repository.TimestampVersion = 1_000;
        Add("foo/1.0");
        await PullAsync();
        _repository.Keys["timestamp"] = [_repository.NewKey()];
        _repository.PublishRoot();
        _repository.TimestampVersion = 1;
        _repository.PublishTimestamp();

        await PullAsync();

        Assert.Equal(2, new PulledRepository(_kept.Index!, _directory["tuf/testing"]).TimestampVersion);
    }

    [Fact]
    public async Task They_are_also_where_the_chain_of_roots_was_broken_off_behind_the_rotation()
    {
        await TrustAsync();
        _repository.SnapshotVersion = 1_000;
        Add("foo/1.0");
        await PullAsync();
        _repository.Keys["snapshot"] = [_repository.NewKey()];
        _repository.PublishRoot();
        _repository.SnapshotVersion = 1;
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();
        _fetcher.Lies["3.root.json"] = () => throw new RemoteException("PM6011", "got 500");
        Assert.Equal("PM6011", (await Assert.ThrowsAsync<RemoteException>(PullAsync)).Code);
        _fetcher.Lies.Clear();

        await PullAsync();

        Assert.Equal(_repository.Files["snapshot.json"], File.ReadAllBytes(_directory["tuf/testing/snapshot.json"]));
    }

    [Fact]
    public async Task A_rollback_over_two_runs_is_refused()
    {
        await TrustAsync();
        var old = _repository.Files["timestamp.json"];
        Add("foo/1.0");
        await PullAsync();
        _repository.Files["timestamp.json"] = old;

        await Assert.ThrowsAsync<RollbackException>(PullAsync);
    }

    [Theory]
    [InlineData("timestamp.json")]
    [InlineData("snapshot.json")]
    [InlineData("targets.json")]
    public async Task A_damaged_kept_file_is_mended_by_the_next_pull(string file)
    {
        await TrustAsync();
        Add("foo/1.0");
        await PullAsync();
        File.WriteAllText(_directory[$"tuf/testing/{file}"], "{damaged");

        await PullAsync();

        Assert.Equal(["foo@1.0"], _kept.Packages);
        Assert.Equal(_repository.Files[file], File.ReadAllBytes(_directory[$"tuf/testing/{file}"]));
    }

    [Fact]
    public async Task An_index_that_is_lost_is_made_again_of_what_is_kept()
    {
        await TrustAsync();
        Add("foo/1.0");
        await PullAsync();
        _kept.Index = null;
        _fetcher.Requests.Clear();

        var result = await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json"], _fetcher.Requests);
        Assert.False(result.IsNew);
        Assert.Equal(["foo@1.0"], _kept.Packages);
    }

    [Fact]
    public async Task A_renewed_timestamp_alone_leaves_the_index_as_it_is()
    {
        await TrustAsync();
        Add("foo/1.0");
        await PullAsync();
        _repository.PublishTimestamp();

        var result = await PullAsync();

        Assert.True(result.IsNew);
        Assert.Null(result.Update);
    }

    [Fact]
    public async Task Targets_that_are_expired_are_refused_though_nothing_changed()
    {
        await TrustAsync();
        Add("foo/1.0");
        await PullAsync();
        var end = _repository.Expires;
        _repository.Expires = end.AddDays(30);
        _repository.PublishRoot();
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        var refused = await Assert.ThrowsAsync<ExpiredException>(() => _kept.PullAsync(_client, end, Cancellation));

        Assert.Contains("targets: frozen since", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_keys_of_the_targets_bring_them_to_be_read_again()
    {
        await TrustAsync();
        Add("foo/1.0");
        await PullAsync();
        _repository.Keys["targets"] = [_repository.NewKey()];
        _repository.PublishRoot();

        // The old key's targets are no longer theirs.
        await Assert.ThrowsAsync<SignatureException>(PullAsync);

        _repository.Publish();
        await PullAsync();
        Assert.Equal(["foo@1.0"], _kept.Packages);
    }

    // First trust.

    [Fact]
    public async Task A_root_is_found_by_its_fingerprint_whatever_its_version()
    {
        _repository.Keys["root"] = [_repository.NewKey()];
        _repository.PublishRoot();
        _repository.PublishRoot();
        foreach (var version in (int[])[1, 2, 3])
        {
            var fingerprint = RootFingerprint.Of(_repository.Files[$"{version}.root.json"]);

            var found = await _client.FindRootAsync(fingerprint, Cancellation);
            _client.Trust(found);

            Assert.Equal(version, found.Version);
            Assert.True((await PullAsync()).IsNew);
        }
    }

    [Fact]
    public async Task Another_fingerprint_is_refused_and_the_true_one_shown()
    {
        var refused = await Assert.ThrowsAsync<FirstTrustException>(
            () => _client.FindRootAsync(RootFingerprint.Of("x"u8), Cancellation));

        Assert.Contains(RootFingerprint.Of(_repository.Files["root.json"]).ToString(), refused.Message, StringComparison.Ordinal);
        Assert.False(_client.IsTrusted);
    }

    [Fact]
    public async Task What_is_no_repository_is_told_apart()
    {
        _repository.Files.Clear();

        Assert.Equal("PM6010", (await Assert.ThrowsAsync<RemoteException>(() => _client.OfferRootAsync(Cancellation))).Code);
        Assert.Equal("PM6010", (await Assert.ThrowsAsync<RemoteException>(
            () => _client.FindRootAsync(RootFingerprint.Of([]), Cancellation))).Code);
    }

    [Fact]
    public async Task An_altered_root_is_not_even_offered()
    {
        var text = Encoding.UTF8.GetString(_repository.Files["root.json"]);
        _repository.Files["root.json"] = Encoding.UTF8.GetBytes(text.Replace("2026", "2036", StringComparison.Ordinal));

        await Assert.ThrowsAsync<SignatureException>(() => _client.OfferRootAsync(Cancellation));
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1_000_000)]
    public async Task A_broken_copy_of_the_root_keeps_nobody_from_the_root(int length)
    {
        var fingerprint = RootFingerprint.Of(_repository.Files["root.json"]);
        _repository.Files["root.json"] = [.. Enumerable.Repeat((byte)'x', length)];

        Assert.Equal(fingerprint, (await _client.FindRootAsync(fingerprint, Cancellation)).Fingerprint);
        Assert.Contains($"has {fingerprint}", (await Assert.ThrowsAsync<FirstTrustException>(
            () => _client.FindRootAsync(RootFingerprint.Of("x"u8), Cancellation))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_root_that_is_no_metadata_is_named_by_its_whole_place()
    {
        var fingerprint = RootFingerprint.Of(_repository.Files["root.json"]);
        _repository.Files["root.json"] = _repository.Files["1.root.json"] = "<html>"u8.ToArray();

        foreach (var (file, look) in ((string, Func<Task>)[])[
            ("root.json", () => _client.OfferRootAsync(Cancellation)), ("1.root.json", () => _client.FindRootAsync(fingerprint, Cancellation))])
        {
            var refused = await Assert.ThrowsAsync<MetadataException>(look);
            Assert.StartsWith($"remote `testing`: {_client.Source}/{file}:1:1: ", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Trusting_another_root_forgets_what_the_old_one_signed()
    {
        await TrustAsync();
        await PullAsync();
        var other = new RepositorySimulator(Now);
        other.Keys["root"] = [SecretKey.Create()];
        other.RootVersion = 0;
        other.OldRootKeys.Clear();
        other.PublishRoot();
        other.Publish();
        var client = new RepositoryClient("testing", new SimulatedFetcher(other.Files), _directory["tuf/testing"]);

        client.Trust(await client.OfferRootAsync(Cancellation));

        Assert.Equal(["root.json"], Directory.EnumerateFiles(_directory["tuf/testing"]).Select(Path.GetFileName));
        Assert.NotNull((await client.PullAsync(Now, null, Cancellation)).Update);
    }

    // Crashes.

    [Theory]
    [InlineData("enospc@{0}")]
    [InlineData("eio@{0}+")]
    public async Task A_pull_that_is_cut_off_at_any_write_is_finished_by_the_next(string fault)
    {
        await TrustAsync();
        await PullAsync();
        _repository.PublishRoot();
        Add("foo/1.0");
        for (var n = 1; ; n++)
        {
            var path = _directory[$"tuf/{n}"];
            TemporaryDirectory.Copy(_directory["tuf/testing"], path);
            var client = new RepositoryClient("testing", _fetcher, path);
            var armed = WriteFault.Parse(string.Format(null, fault, n), path);
            WriteDoor.Fault = armed;
            var exception = await Record.ExceptionAsync(() => client.PullAsync(Now, _kept.Index, Cancellation));
            WriteDoor.Fault = null;
            Assert.True(exception is null or SystemCallException, exception?.ToString());

            // What is kept is whole, old or new, and the next pull goes on from there.
            var next = new KeptIndex { Index = _kept.Index };
            await next.PullAsync(client, Now, Cancellation);
            Assert.Equal(["foo@1.0"], next.Packages);
            Assert.Equal(["root.json", "snapshot.json", "targets.json", "timestamp.json"],
                Directory.EnumerateFiles(path).Select(Path.GetFileName).Order(StringComparer.Ordinal));
            if (!armed.HasStruck)
            {
                Assert.True(n > 15, $"only {n} writes");
                return;
            }
        }
    }

    Task<PullResult> PullAsync() => _kept.PullAsync(_client, Now, Cancellation);

    async Task TrustAsync() => _client.Trust(await _client.OfferRootAsync(Cancellation));

    void Add(params string[] targets)
    {
        foreach (var target in targets)
        {
            _repository.AddTarget(target, [1, 2, 3],
                """{"merkle":"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff","size":3}""");
        }

        _repository.Publish();
    }
}

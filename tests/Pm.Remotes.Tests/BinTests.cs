using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Pm.Codecs;
using Pm.Linux;
using Pm.Packages;
using Pm.Repositories.Tests;
using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Remotes.Tests;

/// <summary>A repository whose targets lie in hashed bins: what is fetched, what is believed.</summary>
public sealed class BinTests : IDisposable
{
    const string Hash = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory = new();
    readonly RepositorySimulator _repository = new(Now);
    readonly SimulatedFetcher _fetcher;
    readonly RepositoryClient _client;
    readonly KeptIndex _kept = new();
    readonly SimulatedRole[] _bins;

    public BinTests()
    {
        _fetcher = new SimulatedFetcher(_repository.Files);
        _client = new RepositoryClient("testing", _fetcher, _directory["tuf/testing"]);
        var key = _repository.NewKey();
        _bins = [.. Enumerable.Range(0, 4).Select(bin => new SimulatedRole($"bin-{bin}", key)
        {
            Prefixes = [.. Enumerable.Range(4 * bin, 4).Select(digit => $"{digit:x}")],
        })];
        _repository.Delegated.AddRange(_bins);
        _repository.PublishTargets();
        Publish("one/1.0", "two/1.0", "three/1.0", "four/1.0", "five/1.0", "six/1.0", "seven/1.0", "eight/1.0");
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _directory.Dispose();
    }

    [Fact]
    public async Task A_first_pull_fetches_every_bin_and_keeps_its_bytes()
    {
        await PullAsync();

        Assert.Equal(8, _kept.Index!.VersionCount);
        Assert.Equal(8, _kept.Changes.Added.Length);
        Assert.Equal(_bins.Select(bin => $"1.{bin.Name}.json"), _fetcher.Requests.Where(r => r.Contains("bin", StringComparison.Ordinal)).Order());
        Assert.All(_bins, bin => Assert.Equal(
            _repository.Files[$"1.{bin.Name}.json"], File.ReadAllBytes(_directory[$"tuf/testing/delegated/1.{bin.Name}.json"])));
    }

    [Fact]
    public async Task A_changed_package_costs_its_bin()
    {
        await PullAsync();
        Publish("nine/1.0");
        _fetcher.Requests.Clear();

        await PullAsync();

        var bin = BinOf("nine/1.0");
        Assert.Equal(["2.root.json", "timestamp.json", "3.snapshot.json", $"2.{bin.Name}.json"], _fetcher.Requests);
        Assert.Equal(["nine@1.0"], _kept.Changes.Added);
        Assert.Equal(9, _kept.Index!.VersionCount);
        Assert.Equal(Fresh(), _kept.Packages);
        Assert.Equal(_bins.Select(b => $"{b.Version}.{b.Name}.json").Order(), Kept());
    }

    [Fact]
    public async Task An_unchanged_repository_costs_its_timestamp()
    {
        await PullAsync();
        _fetcher.Requests.Clear();

        var result = await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json"], _fetcher.Requests);
        Assert.Null(result.Update);
    }

    [Fact]
    public async Task A_package_that_is_gone_from_its_bin_is_gone()
    {
        await PullAsync();
        var bin = BinOf("one/1.0");
        bin.Targets.Remove("one/1.0");
        _repository.PublishDelegated(bin);

        await PullAsync();

        Assert.Equal(["one@1.0"], _kept.Changes.Removed);
        Assert.Equal(Fresh(), _kept.Packages);
    }

    [Fact]
    public async Task What_was_fetched_before_an_interruption_is_not_fetched_again()
    {
        await TrustAsync();
        var missing = $"1.{_bins[2].Name}.json";
        var bytes = _repository.Files[missing];
        _repository.Files.Remove(missing);

        Assert.Equal("PM6009", (await Assert.ThrowsAsync<RemoteException>(PullAsync)).Code);
        Assert.Null(_kept.Index);

        var there = Kept().ToList();
        _repository.Files[missing] = bytes;
        _fetcher.Requests.Clear();
        await PullAsync();
        Assert.Equal(8, _kept.Index!.VersionCount);
        Assert.DoesNotContain(_fetcher.Requests, there.Contains);
        Assert.Contains(missing, _fetcher.Requests);
    }

    [Fact]
    public async Task An_index_that_is_lost_is_made_again_of_what_is_kept()
    {
        await PullAsync();
        var packages = _kept.Packages.ToList();
        _kept.Index = null;
        _fetcher.Requests.Clear();

        var result = await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json"], _fetcher.Requests);
        Assert.False(result.IsNew);
        Assert.Equal(packages, _kept.Packages);
    }

    [Fact]
    public async Task A_kept_bin_that_is_damaged_is_fetched_again_when_it_is_read()
    {
        await PullAsync();
        File.WriteAllText(_directory[$"tuf/testing/delegated/1.{_bins[1].Name}.json"], "{");
        _kept.Index = null;
        _fetcher.Requests.Clear();

        await PullAsync();

        Assert.Equal(["2.root.json", "timestamp.json", $"1.{_bins[1].Name}.json"], _fetcher.Requests);
        Assert.Equal(8, _kept.Index!.VersionCount);
    }

    // Attacks.

    [Fact]
    public async Task A_package_in_a_bin_that_is_not_its_own_is_passed_over_and_named()
    {
        var wrong = _bins.First(bin => bin != BinOf("evil/1.0"));
        Add(wrong, "evil/1.0");
        _repository.PublishDelegated(wrong);

        var result = await PullAsync();

        Assert.DoesNotContain("evil@1.0", _kept.Packages);
        Assert.Contains(result.Ignored, reason => reason.Contains($"evil/1.0: {wrong.Name} may not speak for it", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_bin_that_falls_back_is_a_rollback()
    {
        Publish("nine/1.0");
        await PullAsync();
        var bin = BinOf("nine/1.0");
        bin.Version = 1;
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        var refused = await Assert.ThrowsAsync<RollbackException>(PullAsync);

        Assert.Contains($"{bin.Name}.json (as the snapshot names it): rollback attack refused: version 2 is trusted, got 1", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_older_bin_than_the_snapshot_names_is_mix_and_match()
    {
        var old = _repository.Files[$"1.{BinOf("nine/1.0").Name}.json"];
        Publish("nine/1.0");
        _repository.Files[$"2.{BinOf("nine/1.0").Name}.json"] = old;

        var refused = await Assert.ThrowsAsync<MismatchException>(PullAsync);

        Assert.Contains("mix-and-match attack refused", refused.Message, StringComparison.Ordinal);
        Assert.Null(_kept.Index);
    }

    [Fact]
    public async Task A_bin_in_the_place_of_another_is_refused()
    {
        var (one, other) = ($"1.{_bins[0].Name}.json", $"1.{_bins[1].Name}.json");
        (_repository.Files[one], _repository.Files[other]) = (_repository.Files[other], _repository.Files[one]);

        // Same keys, same version; what is in them is not theirs, and one of the two may be longer than it should be.
        var exception = await Record.ExceptionAsync(PullAsync);

        Assert.True(exception is MismatchException or RemoteException { Code: "PM6004" } || !_kept.Packages.Any(package => Id(_bins[0]).Contains(package) || Id(_bins[1]).Contains(package)));
    }

    [Fact]
    public async Task A_bin_that_another_key_signed_is_refused()
    {
        _bins[1].Keys.Clear();
        _bins[1].Keys.Add(_repository.Keys["targets"][0]);
        _repository.PublishDelegated(_bins[1]);
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        var refused = await Assert.ThrowsAsync<SignatureException>(PullAsync);

        Assert.Contains($"{_bins[1].Name}.json: not from this repository's {_bins[1].Name} role", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bin_that_the_snapshot_leaves_out_is_refused()
    {
        _bins[3].Version = 0;
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        var refused = await Assert.ThrowsAsync<MismatchException>(PullAsync);

        Assert.Contains("the snapshot does not name it", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bin_that_is_expired_is_refused_also_when_nothing_changed()
    {
        _bins[0].Expires = Now.AddDays(2);
        _repository.PublishDelegated(_bins[0]);
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();
        await PullAsync();

        await Assert.ThrowsAsync<ExpiredException>(() => _kept.PullAsync(_client, Now.AddDays(2), Cancellation));

        Publish("nine/1.0");
        await Assert.ThrowsAsync<ExpiredException>(() => _kept.PullAsync(_client, Now.AddDays(2), Cancellation));
    }

    [Fact]
    public async Task A_bin_longer_than_is_read_is_refused_before_it_is_fetched()
    {
        var endless = new EndlessStream();
        _repository.OtherMeta["bin-0.json"] = new MetaFile(9, MetadataLimits.Delegated + 1, null);
        _bins[0].Version = 0;
        _fetcher.Lies["9.bin-0.json"] = () => endless;
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        await Assert.ThrowsAsync<MismatchException>(PullAsync);

        Assert.Equal(0, endless.Taken);
    }

    [Fact]
    public async Task An_endless_bin_is_cut_off_at_its_signed_length()
    {
        var endless = new EndlessStream();
        _fetcher.Lies["1.bin-1.json"] = () => endless;

        Assert.Equal("PM6004", (await Assert.ThrowsAsync<RemoteException>(PullAsync)).Code);

        Assert.True(endless.Taken < 1 << 20, $"{endless.Taken} bytes");
    }

    [Fact]
    public async Task Other_keys_of_the_bins_bring_all_of_them_to_be_verified_again()
    {
        await PullAsync();
        var fresh = _repository.NewKey();
        foreach (var bin in _bins)
        {
            bin.Delegates.Clear();
            bin.Delegates.Add(fresh);
        }

        _repository.PublishTargets();
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        // What the old key signed does not count any more, though its versions are the ones that are named.
        await Assert.ThrowsAsync<SignatureException>(PullAsync);

        foreach (var bin in _bins)
        {
            bin.Keys.Clear();
            bin.Keys.Add(fresh);
        }

        _repository.PublishDelegated(_bins);
        await PullAsync();
        Assert.Equal(8, _kept.Index!.VersionCount);
    }

    // Other shapes of delegations.

    [Fact]
    public async Task More_bins_than_before_are_followed()
    {
        await PullAsync();
        var before = _kept.Packages.ToList();
        var all = _bins.SelectMany(bin => bin.Targets).ToList();
        _repository.Delegated.Clear();
        _repository.Delegated.AddRange(Enumerable.Range(0, 8).Select(bin => new SimulatedRole($"bin-{bin}", [.. _bins[0].Keys])
        {
            Prefixes = [.. Enumerable.Range(2 * bin, 2).Select(digit => $"{digit:x}")],
            Version = bin < 4 ? _bins[bin].Version : 0,
        }));
        all.ForEach(target => _repository.Delegated[HashDigit(target.Key) / 2].Targets.Add(target.Key, target.Value));
        _repository.PublishTargets();
        _repository.PublishDelegated(_repository.Delegated);

        await PullAsync();

        Assert.Equal(before, _kept.Packages);
        Assert.Equal((0, 0), (_kept.Changes.Added.Length, _kept.Changes.Removed.Length));
    }

    [Fact]
    public async Task The_top_speaks_before_the_bins_and_what_it_takes_back_is_theirs_again()
    {
        Add(BinOf("both/1.0"), "both/1.0", "of the bin");
        _repository.PublishDelegated(BinOf("both/1.0"));
        _repository.AddTarget("both/1.0", [1], Custom("of the top"));
        _repository.Publish();
        await PullAsync();
        Assert.Equal("of the top", Description("both@1.0"));

        _repository.Targets.Clear();
        _repository.Publish();
        await PullAsync();

        Assert.Equal("of the bin", Description("both@1.0"));
        Assert.Equal(9, _kept.Index!.VersionCount);
    }

    [Fact]
    public async Task Roles_by_pattern_are_asked_in_their_order()
    {
        var (first, second) = (new SimulatedRole("first", _repository.NewKey()) { Paths = ["a*/*"], IsTerminating = false }, new SimulatedRole("second", _repository.NewKey()) { Paths = ["*/*"] });
        _repository.Delegated.Clear();
        _repository.Delegated.AddRange([first, second]);
        Add(first, "abc/1.0", "first");
        Add(first, "xyz/1.0", "first");
        Add(second, "abc/1.0", "second");
        Add(second, "xyz/1.0", "second");
        foreach (var bin in _bins)
        {
            _repository.OtherMeta[$"{bin.Name}.json"] = new MetaFile(bin.Version, null, null);
        }

        _repository.PublishTargets();
        _repository.PublishDelegated(first, second);

        await PullAsync();

        Assert.Equal(("first", "second"), (Description("abc@1.0"), Description("xyz@1.0")));

        first.Targets.Remove("abc/1.0");
        _repository.PublishDelegated(first);
        await PullAsync();
        Assert.Equal("second", Description("abc@1.0"));
    }

    // Compressed siblings.

    [Fact]
    public async Task A_long_file_comes_compressed_and_is_held_against_the_length_of_the_plain_one()
    {
        var name = await BigBinAsync();
        _repository.Files[$"{name}.zst"] = Zstd(_repository.Files[name]);

        await PullAsync();

        Assert.Contains($"{name}.zst", _fetcher.Requests);
        Assert.DoesNotContain(name, _fetcher.Requests);
        Assert.Equal(_repository.Files[name], File.ReadAllBytes(_directory[$"tuf/testing/delegated/{name}"]));
    }

    [Fact]
    public async Task A_compressed_file_that_is_another_is_not_believed_and_the_plain_one_taken()
    {
        var name = await BigBinAsync();
        _repository.Files[$"{name}.zst"] = Zstd(new byte[64 << 20]);

        await PullAsync();

        Assert.Contains(name, _fetcher.Requests);
        Assert.Contains("big-0@1.0", _kept.Packages);
    }

    [Fact]
    public async Task Without_compressed_files_one_is_asked_for_in_vain()
    {
        var name = await BigBinAsync();

        await PullAsync();

        Assert.Single(_fetcher.Requests, request => request.EndsWith(".zst", StringComparison.Ordinal));
        Assert.Contains(name, _fetcher.Requests);
    }

    [Theory]
    [InlineData("enospc@{0}")]
    [InlineData("eio@{0}+")]
    public async Task A_pull_that_is_cut_off_at_any_write_is_finished_by_the_next(string fault)
    {
        await PullAsync();
        Publish("nine/1.0", "ten/1.0", "eleven/1.0");
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

            var next = new KeptIndex { Index = _kept.Index };
            await next.PullAsync(client, Now, Cancellation);
            Assert.Equal(Fresh(), next.Packages);
            Assert.Equal(_bins.Select(b => $"{b.Version}.{b.Name}.json").Order(), Kept(path));
            if (!armed.HasStruck)
            {
                Assert.True(n > 10, $"only {n} writes");
                return;
            }
        }
    }

    async Task<PullResult> PullAsync()
    {
        if (!_client.IsTrusted)
        {
            await TrustAsync();
        }

        return await _kept.PullAsync(_client, Now, Cancellation);
    }

    async Task TrustAsync()
    {
        _client.Trust(await _client.OfferRootAsync(Cancellation));
        _fetcher.Requests.Clear();
    }

    /// <summary>What one who pulls for the first time would have.</summary>
    IEnumerable<string> Fresh() => _bins.SelectMany(Id).Order(StringComparer.Ordinal);

    static IEnumerable<string> Id(SimulatedRole bin) => bin.Targets.Keys.Select(path => path.Replace('/', '@'));

    IEnumerable<string> Kept(string? path = null) =>
        Directory.EnumerateFiles(Path.Join(path ?? _directory["tuf/testing"], "delegated")).Select(file => Path.GetFileName(file)).Order();

    string Description(string id) => _kept.Index!.Find(PackageId.Parse(id))!.Package.Description;

    void Publish(params string[] paths)
    {
        foreach (var path in paths)
        {
            Add(BinOf(path), path);
        }

        _repository.PublishDelegated(_bins.Where(bin => bin.Version == 0 || paths.Any(bin.Targets.ContainsKey)));
    }

    async Task<string> BigBinAsync()
    {
        await TrustAsync();
        foreach (var path in Enumerable.Range(0, 200).Select(i => $"big-{i}/1.0"))
        {
            Add(BinOf(path), path);
        }

        _repository.PublishDelegated(BinOf("big-0/1.0"));
        return $"{BinOf("big-0/1.0").Version}.{BinOf("big-0/1.0").Name}.json";
    }

    SimulatedRole BinOf(string path) => _bins[HashDigit(path) / 4];

    static int HashDigit(string path) => SHA256.HashData(Encoding.UTF8.GetBytes(path))[0] >> 4;

    static void Add(SimulatedRole role, string path, string description = "") =>
        role.Targets[path] = new TargetFile(1, FileHashes.Of([1]), JsonElement.Parse(Custom(description)));

    static string Custom(string description) => $$"""{"merkle":"{{Hash}}","description":"{{description}}"}""";

    static byte[] Zstd(byte[] plain)
    {
        using var target = new MemoryStream();
        using (var stream = Compressor.Open(target, Compression.Zstandard, leaveOpen: true))
        {
            stream.Write(plain);
        }

        return target.ToArray();
    }
}

using System.Security.Cryptography;
using Pm.Linux;
using Pm.Packages.Index;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Repositories.Tests;

public sealed class RepositoryTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_new_repository_has_fuchsias_layout_with_secret_keys_for_the_owner_alone()
    {
        Assert.Equal(["index", "keys", "repository", "settings.json", "staged"], Names(_fixture.Path));
        Assert.Equal(["root.json", "snapshot.json", "targets.json", "timestamp.json"], Names(Path.Join(_fixture.Path, "keys")));
        Assert.Equal(
            ["1.root.json", "1.snapshot.json", "1.targets.json", "available.json", "blobs", "root.json", "signatures",
                "snapshot.json", "targets", "targets.json", "timestamp.json"],
            Names(_fixture.Served));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
            File.GetUnixFileMode(Path.Join(_fixture.Path, "keys")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite,
            File.GetUnixFileMode(Path.Join(_fixture.Path, "keys/root.json")));
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void The_fingerprint_is_what_sha256sum_says_of_root_json() =>
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Join(_fixture.Served, "root.json")))),
            _fixture.Repository.Fingerprint.ToString());

    [Fact]
    public void Init_refuses_a_repository_and_a_directory_with_other_things()
    {
        var there = Assert.Throws<RepositoryException>(
            () => DirectoryRepository.Init(_fixture.Path, new RoleLifetimes(), _fixture.Access));
        var other = Assert.Throws<RepositoryException>(
            () => DirectoryRepository.Init(_fixture.Outside, new RoleLifetimes(), _fixture.Access));

        Assert.Equal("PM5002", there.Code);
        Assert.Contains("holds `repo`", other.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Open_refuses_what_is_no_repository_and_says_how_to_make_one()
    {
        var refused = Assert.Throws<RepositoryException>(() => DirectoryRepository.Open(_fixture.Outside));

        Assert.Equal("PM5001", refused.Code);
        Assert.Equal($"pm repo init {_fixture.Outside}", refused.Hint);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4000)]
    public void Absurd_lifetimes_are_refused(int days) =>
        Assert.Equal("PM5010", Assert.Throws<RepositoryException>(() => RoleLifetimes.OfDays(days)).Code);

    [Fact]
    public void Lifetimes_are_kept_for_later_changes()
    {
        var path = Path.Join(_fixture.Outside, "other");
        DirectoryRepository.Init(path, RoleLifetimes.OfDays(7), _fixture.Access);

        _fixture.Clock.Now += TimeSpan.FromDays(1);
        var repository = DirectoryRepository.Open(path);
        repository.Refresh(onlyIfNeeded: false, _fixture.Access);

        Assert.Equal(RepositoryFixture.Start.AddDays(8), repository.Expires);
    }

    [Fact]
    public void Yanking_hides_keeps_the_bytes_and_can_be_taken_back()
    {
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));
        var files = Names(Path.Join(_fixture.Served, "blobs"));

        Assert.True(_fixture.Repository.Yank(RepositoryFixture.Id("foo@1.0"), "eats files", _fixture.Access));
        Assert.False(_fixture.Repository.Yank(RepositoryFixture.Id("foo@1.0"), "eats files", _fixture.Access));

        var yanked = Assert.Single(Available());
        Assert.Equal((true, "eats files"), (yanked.IsYanked, yanked.YankReason));
        Assert.Equal(files, Names(Path.Join(_fixture.Served, "blobs")));
        Assert.True(_fixture.Repository.Unyank(RepositoryFixture.Id("foo@1.0"), _fixture.Access));
        Assert.False(Assert.Single(Available()).IsYanked);
        Assert.Empty(Findings());
    }

    [Fact]
    public void Removing_takes_only_what_nothing_else_needs()
    {
        var kept = new SamplePackage("foo@1.1", "two");
        _fixture.Publish(new("foo@1.0", "one"), kept);

        var collected = _fixture.Repository.Remove([RepositoryFixture.Id("foo@1.0")], _fixture.Access);

        Assert.Contains("foo-1.0.pkg", collected.Paths);
        Assert.True(collected.SizeInBytes > 0);
        Assert.Equal(["foo@1.1"], _fixture.Listed());
        Assert.Equal(kept.Blobs.Roots.Select(root => root.ToString())
                .Append(_fixture.Repository.List()[0].BlobList!.Value.Root.ToString()).Order(StringComparer.Ordinal),
            Names(Path.Join(_fixture.Served, "blobs")).Where(name => !name!.EndsWith(".zst", StringComparison.Ordinal)));
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void Removing_what_is_not_there_removes_nothing()
    {
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));

        var refused = Assert.Throws<RepositoryException>(() => _fixture.Repository.Remove(
            [RepositoryFixture.Id("foo@1.0"), RepositoryFixture.Id("foo@9")], _fixture.Access));

        Assert.Equal("PM5005", refused.Code);
        Assert.Equal(["foo@1.0"], _fixture.Listed());
    }

    [Fact]
    public void Garbage_collection_leaves_what_is_not_the_repositorys_and_says_what_it_would_do()
    {
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));
        File.WriteAllText(Path.Join(_fixture.Served, "index.html"), "hello");
        File.WriteAllText(Path.Join(_fixture.Served, "blobs", new string('0', 64)), "unused");

        var planned = _fixture.Repository.CollectGarbage(isDryRun: true, _fixture.Access);
        Assert.Contains($"blobs/{new string('0', 64)}", planned.Paths);
        Assert.True(File.Exists(Path.Join(_fixture.Served, "blobs", new string('0', 64))));

        Assert.Equal(planned, _fixture.Repository.CollectGarbage(isDryRun: false, _fixture.Access), Same);
        Assert.False(File.Exists(Path.Join(_fixture.Served, "blobs", new string('0', 64))));
        Assert.Equal(["Stray repository/index.html: it is not the repository's"], _fixture.Findings());
    }

    [Fact]
    public void Refresh_renews_all_or_only_what_is_due()
    {
        Assert.Empty(_fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access));
        Assert.Equal(["targets", "snapshot", "timestamp"], _fixture.Repository.Refresh(onlyIfNeeded: false, _fixture.Access));

        _fixture.Clock.Now += TimeSpan.FromDays(16);
        Assert.Equal(["targets", "snapshot", "timestamp"], _fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access));
        Assert.Equal(RepositoryFixture.Start.AddDays(46), _fixture.Repository.Expires);
    }

    [Fact]
    public void An_expired_repository_is_found_and_mended()
    {
        _fixture.Clock.Now += TimeSpan.FromDays(400);
        Assert.Contains("frozen since", Assert.Single(_fixture.Findings()), StringComparison.Ordinal);

        Assert.Equal(["root", "targets", "snapshot", "timestamp"], _fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access));

        Assert.Empty(Findings());
    }

    [Theory]
    [InlineData("root")]
    [InlineData("targets")]
    [InlineData("snapshot")]
    [InlineData("timestamp")]
    public void A_rotated_key_is_followed_through_the_chain_of_roots(string role)
    {
        var before = _fixture.Repository.Keys().Single(key => key.Role == role).KeyIds;

        var fingerprint = _fixture.Repository.RotateKey(role, _fixture.Access);
        _fixture.Publish(new SamplePackage("foo@1.0", "one"));

        var after = _fixture.Repository.Keys().Single(key => key.Role == role);
        Assert.DoesNotContain(Assert.Single(after.KeyIds), before);
        Assert.True(after.IsSecretHere);
        Assert.Equal(_fixture.Repository.Fingerprint, fingerprint);
        Assert.Empty(Findings());
        var keys = KeyFile.Parse(File.ReadAllBytes(Path.Join(_fixture.Path, "keys", $"{role}.json")), "keys");
        Assert.Single(keys);
    }

    [Fact]
    public void Keys_that_lie_elsewhere_are_told()
    {
        File.Delete(Path.Join(_fixture.Path, "keys/root.json"));

        Assert.Equal(["snapshot", "targets", "timestamp"],
            _fixture.Repository.Keys().Where(key => key.IsSecretHere).Select(key => key.Role));
    }

    [Fact]
    public void A_repository_that_somebody_changes_is_waited_for_and_its_holder_named()
    {
        using var held = FileLock.Exclusive(
            Path.Join(_fixture.Path, "staged/lock"), "pm repo publish big.pkg", TimeSpan.Zero, TimeProvider.System,
            cancellation: TestContext.Current.CancellationToken);

        var busy = Assert.Throws<LockBusyException>(() => _fixture.Repository.Refresh(
            onlyIfNeeded: false, _fixture.Access with { LockTimeout = TimeSpan.Zero }));

        Assert.Contains("pm repo publish big.pkg", busy.Message, StringComparison.Ordinal);
    }

    static bool Same(CollectedGarbage left, CollectedGarbage right) =>
        left.SizeInBytes == right.SizeInBytes && left.Paths.SequenceEqual(right.Paths);

    IEnumerable<string> Findings() => _fixture.Findings();

    IReadOnlyList<AvailablePackage> Available() =>
        AvailableDocument.Parse(File.ReadAllBytes(Path.Join(_fixture.Served, "available.json"))).Packages;

    static List<string?> Names(string path) =>
        [.. Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName).Where(name => name != "lock").Order(StringComparer.Ordinal)];
}

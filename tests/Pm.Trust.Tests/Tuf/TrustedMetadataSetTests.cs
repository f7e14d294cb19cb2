using Pm.Simulation.Repositories;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Trust.Tests.Tuf;

public sealed class TrustedMetadataSetTests
{
    static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly RepositorySimulator _repository = new(Now);
    readonly SimulatedClient _client;

    public TrustedMetadataSetTests() => _client = new SimulatedClient(_repository, Now);

    [Fact]
    public void A_new_client_believes_what_is_published_and_keeps_its_bytes()
    {
        _repository.AddTarget("foo/1.0", [1, 2, 3], """{"size":3}""");
        _repository.Publish();

        var set = _client.Refresh();

        Assert.Equal(3, set.Targets!.Content.Targets["foo/1.0"].Length);
        Assert.Equal(_repository.Files["timestamp.json"], set.Timestamp!.Bytes.ToArray());
        Assert.Equal(_repository.Files["snapshot.json"], set.Snapshot!.Bytes.ToArray());
        Assert.Equal(_repository.Files["targets.json"], set.Targets.Bytes.ToArray());
        Assert.Equal(_repository.Files["root.json"], set.Root.Bytes.ToArray());
    }

    [Fact]
    public void An_unchanged_repository_costs_a_root_probe_and_the_timestamp()
    {
        _client.Refresh();

        _client.Refresh();

        Assert.Equal(["2.root.json", "timestamp.json"], _client.Fetched);
    }

    [Fact]
    public void A_new_timestamp_alone_costs_nothing_more()
    {
        _client.Refresh();
        _repository.PublishTimestamp();

        _client.Refresh();

        Assert.Equal(["2.root.json", "timestamp.json"], _client.Fetched);
    }

    // Rollback attacks.

    [Fact]
    public void An_older_timestamp_is_a_rollback_that_names_both_versions()
    {
        _repository.PublishTimestamp();
        _client.Refresh();
        _repository.TimestampVersion = 0;
        _repository.PublishTimestamp();

        var refused = Assert.Throws<RollbackException>(_client.Refresh);

        Assert.Equal("remote `testing`: timestamp: rollback attack refused: version 2 is trusted, got 1", refused.Message);
    }

    [Fact]
    public void A_timestamp_that_names_an_older_snapshot_is_a_rollback()
    {
        _repository.Publish();
        _client.Refresh();
        _repository.SnapshotVersion = 0;
        _repository.PublishSnapshot();
        _repository.PublishTimestamp();

        Assert.Throws<RollbackException>(_client.Refresh);
    }

    [Fact]
    public void A_snapshot_that_names_older_targets_is_a_rollback()
    {
        _repository.Publish();
        _client.Refresh();
        _repository.TargetsVersion = 0;
        _repository.Publish();

        var refused = Assert.Throws<RollbackException>(_client.Refresh);

        Assert.Contains("targets.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_snapshot_that_leaves_out_a_file_is_a_rollback()
    {
        _repository.OtherMeta["bin-00.json"] = new MetaFile(4, null, null);
        _repository.Publish();
        _client.Refresh();
        _repository.OtherMeta.Clear();
        _repository.Publish();

        Assert.Throws<RollbackException>(_client.Refresh);
    }

    [Fact]
    public void An_expired_kept_timestamp_still_refuses_an_older_one()
    {
        _repository.PublishTimestamp();
        _client.Refresh();
        _client.Now = Now.AddDays(40);
        _repository.Expires = Now.AddDays(80);
        _repository.PublishRoot();
        _repository.TimestampVersion = 0;
        _repository.PublishTimestamp();

        Assert.Throws<RollbackException>(_client.Refresh);
    }

    [Fact]
    public void After_the_online_keys_were_rotated_lower_versions_are_accepted()
    {
        _repository.TimestampVersion = 1_000_000;
        _repository.SnapshotVersion = 1_000_000;
        _repository.Publish();
        _client.Refresh();
        _repository.Keys["timestamp"] = [_repository.NewKey()];
        _repository.Keys["snapshot"] = [_repository.NewKey()];
        _repository.PublishRoot();
        _repository.TimestampVersion = 1;
        _repository.SnapshotVersion = 1;
        _repository.Publish();

        var set = _client.Refresh();

        Assert.Equal(2, set.Timestamp!.Content.Version);
    }

    // Freeze attacks.

    [Fact]
    public void An_expired_timestamp_is_a_freeze_that_says_since_when()
    {
        _client.Now = Now.AddDays(33);
        _repository.PublishRootUntil(Now.AddDays(60));

        var refused = Assert.Throws<ExpiredException>(_client.Refresh);

        Assert.Equal("remote `testing`: timestamp: frozen since 2026-05-31 12:00:00Z (freeze attack, or not maintained): "
            + "version 1 expired 3 days ago", refused.Message);
    }

    [Fact]
    public void An_unchanged_timestamp_that_expired_meanwhile_is_a_freeze()
    {
        _client.Refresh();
        _client.Now = Now.AddDays(31);
        _repository.PublishRootUntil(Now.AddDays(60));

        Assert.Throws<ExpiredException>(_client.Refresh);
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public void An_expired_snapshot_or_targets_below_a_fresh_timestamp_is_a_freeze(string role)
    {
        _repository.Expires = Now.AddDays(-1);
        if (role == "targets")
        {
            _repository.PublishTargets();
            _repository.Expires = Now.AddDays(30);
        }

        _repository.PublishSnapshot();
        _repository.Expires = Now.AddDays(30);
        _repository.PublishTimestamp();

        Assert.StartsWith($"remote `testing`: {role}: frozen", Assert.Throws<ExpiredException>(_client.Refresh).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void The_moment_of_expiry_is_expired()
    {
        _client.Now = _repository.Expires;

        Assert.Throws<ExpiredException>(_client.Refresh);
    }

    [Fact]
    public void Expired_roots_in_the_middle_are_fine_and_an_expired_last_one_is_not()
    {
        _repository.PublishRootUntil(Now.AddDays(-5));
        _repository.PublishRootUntil(Now.AddDays(30));
        Assert.Equal(3, _client.Refresh().Root.Content.Version);

        _repository.PublishRootUntil(Now.AddDays(-1));
        Assert.Throws<ExpiredException>(_client.Refresh);
    }

    // Arbitrary software: signatures and thresholds.

    [Theory]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public void Metadata_signed_by_another_key_is_refused(string role)
    {
        _repository.Keys[role] = [_repository.NewKey()];
        _repository.Publish();

        Assert.Contains($"{role} role", Assert.Throws<SignatureException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("timestamp.json")]
    [InlineData("1.snapshot.json")]
    [InlineData("1.targets.json")]
    public void Metadata_without_hashes_whose_content_was_altered_is_refused(string file)
    {
        _repository.ListsHashes = false;
        _repository.SnapshotVersion = _repository.TargetsVersion = _repository.TimestampVersion = 0;
        _repository.Publish();
        _repository.Files[file] = Replace(_repository.Files[file], "2026-05-31", "2036-05-31");

        Assert.Throws<SignatureException>(_client.Refresh);
    }

    [Fact]
    public void A_threshold_counts_distinct_keys()
    {
        var first = _repository.Keys["timestamp"][0];
        var second = _repository.NewKey();
        _repository.Keys["timestamp"] = [first, second];
        _repository.Thresholds["timestamp"] = 2;
        _repository.PublishRoot();
        _repository.Keys["timestamp"] = [first];
        _repository.PublishTimestamp();
        Assert.Contains("expected signatures of 2 of root version 2's 2 timestamp keys, got 1",
            Assert.Throws<SignatureException>(_client.Refresh).Message, StringComparison.Ordinal);

        _repository.Keys["timestamp"] = [first, second];
        _repository.PublishTimestamp();
        Assert.NotNull(_client.Refresh().Targets);
    }

    [Fact]
    public void One_key_signing_twice_is_refused()
    {
        var file = _repository.Files["timestamp.json"];
        var text = System.Text.Encoding.UTF8.GetString(file);
        var signature = text[text.IndexOf("{\"keyid\"", StringComparison.Ordinal)..text.LastIndexOf(']')];
        _repository.Files["timestamp.json"] = Replace(file, signature, signature + "," + signature);

        Assert.Contains("signs twice", Assert.Throws<MetadataException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Signatures_by_unknown_keys_are_tolerated()
    {
        _repository.Keys["timestamp"].Add(_repository.NewKey());
        _repository.PublishTimestamp();

        Assert.NotNull(_client.Refresh().Targets);
    }

    [Fact]
    public void One_key_under_two_ids_counts_once()
    {
        using var key = new EcdsaSigner();
        using var twin = new TwinSigner(key);
        _repository.Keys["timestamp"] = [key, twin];
        _repository.Thresholds["timestamp"] = 2;
        _repository.PublishRoot();
        _repository.PublishTimestamp();

        Assert.Contains("got 1", Assert.Throws<SignatureException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ecdsa")]
    [InlineData("ecdsa-sha2-nistp256")]
    [InlineData("rsa")]
    public void Roles_are_signed_by_keys_of_every_type(string type)
    {
        ISigner key = type == "rsa" ? new RsaSigner() : new EcdsaSigner(type);
        foreach (var role in _repository.Keys.Keys)
        {
            _repository.Keys[role] = [key];
        }

        _repository.PublishRoot();
        _repository.Publish();

        Assert.NotNull(_client.Refresh().Targets);
    }

    [Fact]
    public void Empty_signatures_of_those_who_did_not_sign_yet_are_tolerated()
    {
        var file = _repository.Files["timestamp.json"];
        _repository.Files["timestamp.json"] = Replace(file, "\"signatures\":[", "\"signatures\":[{\"keyid\":\"0000\",\"sig\":\"\"},");

        Assert.NotNull(_client.Refresh().Targets);
    }

    [Fact]
    public void A_root_that_lists_a_key_twice_for_a_role_is_malformed()
    {
        var id = _repository.Keys["timestamp"][0].Public.Id;
        _repository.PublishRoot();
        _repository.Files["2.root.json"] = Replace(_repository.Files["2.root.json"], $"[\"{id}\"]", $"[\"{id}\",\"{id}\"]");

        Assert.Contains("twice", Assert.Throws<MetadataException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    // The chain of roots.

    [Fact]
    public void A_root_is_signed_by_old_and_new_keys()
    {
        _repository.Keys["root"] = [_repository.NewKey()];
        _repository.PublishRoot();
        _repository.Keys["root"] = [_repository.NewKey(), _repository.NewKey()];
        _repository.Thresholds["root"] = 2;
        _repository.PublishRoot();

        Assert.Equal(3, _client.Refresh().Root.Content.Version);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_root_that_only_the_old_or_only_the_new_keys_signed_is_refused(bool onlyOld)
    {
        var old = _repository.Keys["root"].ToList();
        _repository.Keys["root"] = [_repository.NewKey()];
        _repository.OldRootKeys.Clear();
        _repository.PublishRoot();
        if (onlyOld)
        {
            var document = RootMetadata.Parse(SignedDocument.Parse(_repository.Files["2.root.json"], "", 1 << 20).Body);
            _repository.Files["2.root.json"] = RoleSigner.Sign(document, old);
        }

        Assert.Contains(onlyOld ? "its own" : "root version 1's",
            Assert.Throws<SignatureException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_root_out_of_its_order_is_refused(int skip)
    {
        _repository.RootVersion += skip;
        var version = _repository.RootVersion;
        _repository.PublishRoot();
        _repository.Files["2.root.json"] = skip == 0
            ? _repository.Files["1.root.json"] : _repository.Files[$"{version + 1}.root.json"];

        Assert.Throws<RollbackException>(_client.Refresh);
    }

    [Fact]
    public void A_refused_root_leaves_the_roots_before_it_believed()
    {
        _repository.PublishRoot();
        var set = TrustedMetadataSet.Start(_repository.Files["1.root.json"], Now, "testing");
        set.UpdateRoot(_repository.Files["2.root.json"]);

        Assert.Throws<RollbackException>(() => set.UpdateRoot(_repository.Files["1.root.json"]));
        Assert.Equal(2, set.Root.Content.Version);
    }

    // Mix-and-match, lengths, hashes.

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public void A_validly_signed_file_of_another_state_is_a_mismatch(string role)
    {
        var old = _repository.Files[$"1.{role}.json"];
        _repository.AddTarget("foo/1.0", [1]);
        _repository.Publish();
        _repository.Files[$"2.{role}.json"] = old;

        Assert.Throws<MismatchException>(_client.Refresh);
    }

    [Theory]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public void Without_hashes_the_version_tells_a_file_of_another_state(string role)
    {
        _repository.ListsHashes = false;
        var old = _repository.Files[$"1.{role}.json"];
        _repository.Publish();
        _repository.Files[$"2.{role}.json"] = old;

        Assert.Contains("expected version 2", Assert.Throws<MismatchException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_with_bytes_after_its_end_is_a_mismatch_that_names_both_lengths()
    {
        var file = _repository.Files["1.snapshot.json"];
        _repository.Files["1.snapshot.json"] = [.. file, (byte)' '];

        Assert.Contains($"expected {file.Length} bytes, got {file.Length + 1}",
            Assert.Throws<MismatchException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_timestamp_in_the_snapshots_place_is_refused()
    {
        _repository.ListsHashes = false;
        _repository.Keys["snapshot"] = _repository.Keys["timestamp"];
        _repository.PublishRoot();
        _repository.Publish();
        _repository.Files["2.snapshot.json"] = _repository.Files["timestamp.json"];

        Assert.Contains("expected `snapshot`, got `timestamp`",
            Assert.Throws<MetadataException>(_client.Refresh).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Steps_out_of_order_are_a_bug_of_the_caller()
    {
        var set = TrustedMetadataSet.Start(_repository.Files["1.root.json"], Now, "testing");

        Assert.Throws<InvalidOperationException>(() => set.UpdateTimestamp(_repository.Files["timestamp.json"]));
        Assert.Throws<InvalidOperationException>(() => set.UpdateSnapshot(_repository.Files["snapshot.json"]));
        Assert.Throws<InvalidOperationException>(() => set.UpdateTargets(_repository.Files["targets.json"]));
    }

    /// <summary>The same secret key under the id that its other form has.</summary>
    sealed class TwinSigner(EcdsaSigner key) : ISigner, IDisposable
    {
        public TufKey Public { get; } = TufKey.Of("ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256", key.PointHex);

        public byte[] Sign(ReadOnlySpan<byte> message) => key.Sign(message);

        public void Dispose() => key.Dispose();
    }

    internal static byte[] Replace(byte[] file, string old, string with) => System.Text.Encoding.UTF8.GetBytes(
        System.Text.Encoding.UTF8.GetString(file).Replace(old, with, StringComparison.Ordinal));
}

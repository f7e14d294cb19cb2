using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>What goes on while a change waits for signatures, and what is refused before any of it is served.</summary>
public sealed class WaitingChangeTests : KeeperTests
{
    [Fact]
    public void Targets_whose_key_is_here_are_renewed_while_a_change_of_the_root_waits()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });

        Fixture.Clock.Now += TimeSpan.FromDays(20);

        Assert.Equal(["targets", "snapshot", "timestamp"], Fixture.Repository.Refresh(onlyIfNeeded: true, Fixture.Access));
        Assert.True(Take(Ann, Bob).IsTaken);
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void While_targets_wait_they_are_renewed_only_before_they_lock_everybody_out(bool isDamaged)
    {
        HandOver();
        Fixture.Repository.Renew(["root", "targets"], isDryRun: false, Fixture.Access);
        if (isDamaged)
        {
            File.WriteAllText(PendingFile, "{");
        }

        Fixture.Clock.Now += TimeSpan.FromDays(20);
        Assert.DoesNotContain("targets", Fixture.Repository.Refresh(onlyIfNeeded: true, Fixture.Access));

        Fixture.Clock.Now += TimeSpan.FromDays(3);
        Assert.Contains("targets", Fixture.Repository.Refresh(onlyIfNeeded: true, Fixture.Access));
    }

    [Fact]
    public void Who_is_told_of_an_end_is_told_what_holds_the_role_up()
    {
        HandOver();
        Fixture.Repository.Renew(["root", "targets"], isDryRun: false, Fixture.Access);
        Fixture.Clock.Now = State().Root.Expires - TimeSpan.FromDays(29);

        var told = Fixture.Repository.Expiring(Fixture.Clock.Now);

        Assert.Equal([("root", true), ("snapshot", false), ("targets", false), ("timestamp", false)], told.Select(role => (role.Role, role.IsHeldUp)).Order());
        Fixture.Repository.DropPending(Fixture.Access);
        Assert.DoesNotContain(Fixture.Repository.Expiring(Fixture.Clock.Now), role => role.IsHeldUp);
    }

    [Fact]
    public void Targets_that_live_for_a_fortnight_are_held_up_by_a_change_of_them()
    {
        using var fixture = new RepositoryFixture(isMade: false);
        var repository = DirectoryRepository.Init(fixture.Path, new RoleLifetimes { Targets = 14 }, fixture.Access);
        repository.ChangeKeys(new KeyChange { Added = [("root", Public(Ann))], Thresholds = [("root", 2)] }, isDryRun: false, fixture.Access with { Keys = [Ann] });
        repository.Renew(["root", "targets"], isDryRun: false, fixture.Access);

        fixture.Clock.Now += TimeSpan.FromDays(8);

        Assert.True(repository.Expiring(fixture.Clock.Now).Single(role => role.Role == "targets").IsHeldUp);
        Assert.DoesNotContain("targets", repository.Refresh(onlyIfNeeded: true, fixture.Access));
    }

    /// <summary>keys/ comes back from a backup of before.</summary>
    [Theory]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    public void A_root_that_the_keys_here_cannot_follow_is_not_published(string role)
    {
        WithBins();
        HandOver();
        var backup = File.ReadAllBytes(KeyFileOf(role));
        Change(new KeyChange { Rotated = ["timestamp", "snapshot", "bins"] });
        var before = State().Root.Version;
        File.WriteAllBytes(KeyFileOf(role), backup);

        Assert.Equal("PM5006", Assert.Throws<RepositoryException>(() => Take(Ann, Bob)).Code);

        Assert.Equal(before, State().Root.Version);
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));
        Assert.Empty(Faults(Fixture.Findings()));
    }

    /// <summary>The old key of the timestamp is lost, so the root has to come before all that it asks for.</summary>
    [Fact]
    public void A_root_that_the_key_of_the_bins_cannot_follow_is_not_published()
    {
        WithBins();
        HandOver();
        var (backup, lost) = (File.ReadAllBytes(KeyFileOf("bins")), State().Root.Roles["timestamp"].KeyIds[0]);
        Change(new KeyChange { Rotated = ["timestamp", "bins"] });
        var before = State().Root.Version;
        File.WriteAllBytes(KeyFileOf("bins"), backup);
        File.WriteAllBytes(KeyFileOf("timestamp"), KeyFile.ToBytes([.. KeysOf("timestamp").Where(key => key.Public.Id != lost)]));

        Assert.Equal("PM5006", Assert.Throws<RepositoryException>(() => Take(Ann, Bob)).Code);

        Assert.Equal(before, State().Root.Version);
    }

    [Fact]
    public void A_root_that_asks_for_more_signatures_than_the_targets_have_is_not_published()
    {
        HandOver();
        Assert.True(Change(new KeyChange { Added = [("targets", null)] }, Ann, Bob).IsTaken);
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        Change(new KeyChange { Thresholds = [("targets", 2)] });
        File.WriteAllBytes(KeyFileOf("targets"), KeyFile.ToBytes([KeysOf("targets")[0]]));
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));
        var before = State().Root.Version;

        Assert.Equal("PM5016", Assert.Throws<RepositoryException>(() => Take(Ann, Bob)).Code);

        Assert.Equal(before, State().Root.Version);
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Fact]
    public void Publishing_does_not_make_a_new_key_of_the_targets_obsolete()
    {
        HandOver();
        var old = State().Root.Roles["targets"].KeyIds[0];
        Assert.Null(Change(new KeyChange { Rotated = ["targets"] }).Change.Targets);
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);

        Assert.True(Take(Ann, Bob).IsTaken);

        Assert.Empty(Faults(Fixture.Findings()));
        Assert.DoesNotContain(old, KeysOf("targets").Select(key => key.Public.Id));
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));
        Assert.Equal(["foo@1.0", "foo@1.1"], Fixture.Listed());
    }

    [Fact]
    public void A_change_that_fits_no_more_is_seen()
    {
        HandOver();
        Fixture.Repository.Renew(["root", "targets"], isDryRun: false, Fixture.Access);
        SignInPlace(Ann, Bob);
        var stale = File.ReadAllBytes(PendingFile);
        Fixture.Repository.DropPending(Fixture.Access);
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        File.WriteAllBytes(PendingFile, stale);

        Fixture.Publish(new SamplePackage("foo@1.1", "two"));

        Assert.True(Fixture.Repository.HasPending);
        Assert.True(Fixture.Repository.IsChangeWaiting);
        Assert.Equal("PM5016", Assert.Throws<RepositoryException>(() => Take()).Code);
    }

    [Fact]
    public void A_change_that_expired_after_the_last_signature_is_not_published()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        SignInPlace(Ann, Bob);
        var before = State().Root.Version;
        Fixture.Clock.Now += TimeSpan.FromDays(366);

        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);

        Assert.Equal(before, State().Root.Version);
        Assert.True(Fixture.Repository.HasPending);
    }

    [Fact]
    public void One_whose_root_is_published_is_finished_also_when_it_expired()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        PublishRootAlone(SignInPlace(Ann, Bob));
        Fixture.Clock.Now += TimeSpan.FromDays(366);

        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);

        Assert.False(Fixture.Repository.HasPending);
        Assert.True(State().IsSignedFor(State().Root));
    }

    [Fact]
    public void A_signature_that_comes_after_the_root_is_published_does_not_hinder_the_rest()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        var published = SignInPlace(Ann, Bob);
        PublishRootAlone(published);
        SignInPlace(Eve);

        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);

        Assert.False(File.Exists(PendingFile));
        Assert.Single(KeysOf("timestamp"));
        Assert.Equal(published.Root!.ToBytes(), State().RootBytes);
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Fact]
    public void A_change_that_everybody_has_signed_can_still_be_given_up()
    {
        HandOver();
        var (before, keys) = (State().Root.Version, File.ReadAllBytes(KeyFileOf("timestamp")));
        Change(new KeyChange { Rotated = ["timestamp"] });
        Assert.True(Fixture.Repository.IsChangeWaiting);
        SignInPlace(Ann, Bob);
        Assert.False(Fixture.Repository.IsChangeWaiting);

        Fixture.Repository.DropPending(Fixture.Access);

        Assert.Equal(before, State().Root.Version);
        Assert.Equal(keys, File.ReadAllBytes(KeyFileOf("timestamp")));
        Assert.False(Fixture.Repository.HasPending);
    }

    [Fact]
    public void One_whose_root_is_published_is_finished_instead()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        PublishRootAlone(SignInPlace(Ann, Bob));

        Assert.Equal("PM5019", Assert.Throws<RepositoryException>(() => Fixture.Repository.DropPending(Fixture.Access)).Code);

        Assert.False(Fixture.Repository.HasPending);
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Fact]
    public void One_that_cannot_be_finished_because_its_key_is_lost_makes_room_for_another()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        PublishRootAlone(SignInPlace(Ann, Bob));
        File.Delete(KeyFileOf("timestamp"));

        Fixture.Repository.DropPending(Fixture.Access);

        Assert.True(Change(new KeyChange { Rotated = ["timestamp"] }, Ann, Bob).IsTaken);
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Fact]
    public void A_key_of_the_root_that_was_made_for_a_change_goes_with_it()
    {
        HandOver();
        Change(new KeyChange { Added = [("root", null)] });
        Assert.True(File.Exists(KeyFileOf("root")));

        Fixture.Repository.DropPending(Fixture.Access);

        Assert.False(File.Exists(KeyFileOf("root")));
    }

    [Fact]
    public void Targets_that_stay_here_after_all_live_as_long_as_before()
    {
        HandOver();
        Change(new KeyChange { Added = [("targets", Public(Ann))], Removed = [("targets", State().Root.Roles["targets"].KeyIds[0])] });

        Fixture.Repository.DropPending(Fixture.Access);
        Fixture.Repository = DirectoryRepository.Open(Fixture.Path);
        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);

        Assert.Equal(30, (State().Targets.Expires - Fixture.Clock.Now).Days);
    }

    /// <summary>The copy says of itself that another root is the present one, and is signed by that.</summary>
    [Fact]
    public void A_signature_that_only_the_copy_allows_is_refused_and_the_change_stays_readable()
    {
        HandOver();
        var waiting = Change(new KeyChange { Rotated = ["timestamp"] }).Change;
        var (mal, root) = (SecretKey.Create(), State().Root);
        var forged = RoleSigner.Sign(
            new RootMetadata
            {
                Version = root.Version,
                Expires = root.Expires,
                IsConsistentSnapshot = true,
                Keys = root.Keys.Append(new(mal.Public.Id, mal.Public)).ToDictionary(),
                Roles = root.Roles.Where(role => role.Key != "root").Append(new("root", new RoleKeys([mal.Public.Id], 1))).ToDictionary(),
            },
            [mal]);
        var copy = RepositoryChange.Parse(RepositoryChange.Of(forged, default, waiting.NextRoot, null).Sign(mal).ToBytes(), "copy");

        var refused = Assert.Throws<ChangeException>(() => DirectoryRepository.TakeSignatures(Fixture.Path, copy, isDryRun: false, Fixture.Access));

        Assert.Equal("PM3027", refused.Code);
        Assert.NotNull(Fixture.Repository.Pending);
        Assert.True(Take(Ann, Bob).IsTaken);
    }

    [Fact]
    public void A_dry_run_says_that_another_change_waits()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });

        var refused = Assert.Throws<RepositoryException>(() => Fixture.Repository.ChangeKeys(new KeyChange { Rotated = ["snapshot"] }, isDryRun: true, Fixture.Access));

        Assert.Equal("PM5014", refused.Code);
    }

    [Fact]
    public void Keys_that_are_brought_are_not_replaced_by_keys_on_this_machine()
    {
        Assert.True(Change(new KeyChange { Added = [("root", Public(Ann))], Removed = [("root", State().Root.Roles["root"].KeyIds[0])] }, Ann).IsTaken);

        Assert.Equal("PM5013", Assert.Throws<RepositoryException>(() => Change(new KeyChange { Rotated = ["root"] }, Ann)).Code);

        Assert.False(File.Exists(KeyFileOf("root")));
    }

    [Fact]
    public void A_role_that_signs_here_gets_new_keys_also_when_some_of_the_old_ones_are_lost()
    {
        Assert.True(Change(new KeyChange { Added = [("timestamp", null)], Thresholds = [("timestamp", 2)] }).IsTaken);
        var old = State().Root.Roles["timestamp"].KeyIds;
        File.WriteAllBytes(KeyFileOf("timestamp"), KeyFile.ToBytes([KeysOf("timestamp")[0]]));

        Assert.True(Change(new KeyChange { Rotated = ["timestamp"] }).IsTaken);

        Assert.Empty(State().Root.Roles["timestamp"].KeyIds.Intersect(old));
        Assert.Equal(2, State().Root.Roles["timestamp"].Threshold);
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_first_root_that_its_keepers_have_signed_is_published_and_not_replaced(bool isSameCommand)
    {
        using var fixture = new RepositoryFixture(isMade: false);
        var keepers = new KeyChange { Added = [("root", Public(Ann)), ("root", Public(Bob))], Thresholds = [("root", 2)] };
        Assert.False(Init(keepers).IsTaken);
        var file = Path.Join(fixture.Path, "pending.json");
        File.WriteAllBytes(file, Signed(File.ReadAllBytes(file), Ann, Bob).ToBytes());

        if (isSameCommand)
        {
            Assert.Equal("PM5019", Assert.Throws<RepositoryException>(() => Init(keepers)).Code);
        }
        else
        {
            Assert.True(Init(new KeyChange()).IsTaken);
        }

        var root = DirectoryRepository.Open(fixture.Path).Keys().Single(key => key.Role == "root");
        Assert.Equal(new HashSet<string> { Ann.Public.Id, Bob.Public.Id }, [.. root.KeyIds]);
        Assert.False(File.Exists(file));

        ChangeOutcome Init(KeyChange keys) => DirectoryRepository.Init(fixture.Path, new RoleLifetimes(), DirectoryRepository.UsualBinsAbove, keys, fixture.Access);
    }

    /// <summary>Where the old key is lost the root has to come first, and nobody could follow it.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Other_keys_of_the_snapshot_alone_do_not_begin_the_count_of_the_timestamp_anew(bool isLost)
    {
        DriveForward();
        var (keys, root) = (KeysOf("snapshot"), State().Root.Version);
        if (isLost)
        {
            File.Delete(KeyFileOf("snapshot"));
        }

        Assert.Equal("PM5017", Assert.Throws<RepositoryException>(() => Change(new KeyChange { Rotated = ["snapshot"] })).Code);

        Assert.Equal(root, State().Root.Version);
        Assert.False(Fixture.Repository.HasPending);
        Assert.True(isLost ? !File.Exists(KeyFileOf("snapshot")) : KeysOf("snapshot").Single().Public.Id == keys.Single().Public.Id);
        Assert.True(Change(new KeyChange { Rotated = ["timestamp", "snapshot"] }).IsTaken);
    }

    /// <summary>One of two keys stays, and one is enough: what the thief signed with it counts as before.</summary>
    [Fact]
    public void A_key_that_stays_keeps_what_it_signed()
    {
        Assert.True(Change(new KeyChange { Added = [("timestamp", null)] }).IsTaken);
        DriveForward();
        var one = State().Root.Roles["timestamp"].KeyIds[0];

        var refused = Assert.Throws<RepositoryException>(() => Change(new KeyChange { Rotated = ["snapshot"], Removed = [("timestamp", one)] }));

        Assert.Equal("PM5017", refused.Code);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public void Bins_and_targets_that_were_driven_to_the_last_version_begin_anew(bool hasBins, bool isRootElsewhere)
    {
        if (hasBins)
        {
            WithBins();
        }
        else
        {
            Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        }

        if (isRootElsewhere)
        {
            HandOver();
        }

        var root = State().RootBytes;
        var (timestamp, snapshot) = DriveForward();
        Assert.Equal("PM5017", Assert.Throws<RepositoryException>(() => Fixture.Publish(new SamplePackage("foo@1.1", "two"))).Code);

        Change(new KeyChange { Rotated = ["timestamp", "snapshot", hasBins ? "bins" : "targets"] });
        Assert.True(!isRootElsewhere || Take(Ann, Bob).IsTaken);
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));

        Assert.Empty(Faults(Fixture.Findings()));
        Assert.Equal(["foo@1.0", "foo@1.1"], Fixture.Listed());
        Assert.InRange(State().Targets.Version, 1, 5);

        // Clients that took the thief's files, one of which has seen the new root already.
        Follow(root, State().RootBytes);
        Follow(State().RootBytes);

        void Follow(byte[] first, params byte[][] roots)
        {
            var client = TrustedMetadataSet.Start(first, Fixture.Clock.Now, "test");
            foreach (var next in roots)
            {
                client.UpdateRoot(next);
            }

            client.RequireCurrentRoot();
            client.LoadTimestamp(timestamp);
            Assert.True(client.UpdateTimestamp(File.ReadAllBytes(Path.Join(Fixture.Served, "timestamp.json"))));
            client.LoadSnapshot(snapshot);
            client.UpdateSnapshot(File.ReadAllBytes(Path.Join(Fixture.Served, "snapshot.json")));
            client.UpdateTargets(File.ReadAllBytes(Path.Join(Fixture.Served, "targets.json")));
        }
    }

    /// <summary>The thief has every key but the root's.</summary>
    (byte[] Timestamp, byte[] Snapshot) DriveForward()
    {
        const long last = StrictJson.MaximumInteger;
        var state = State();
        var meta = new Dictionary<string, MetaFile>();
        foreach (var name in state.Snapshot.Meta.Keys.Where(name => name != "targets.json"))
        {
            var bin = int.Parse(name["bin-".Length..^".json".Length], System.Globalization.NumberStyles.HexNumber, null);
            var content = state.ReadBin(bin);
            var bytes = Put(name, new TargetsMetadata { Version = last, Expires = content.Expires, Targets = content.Targets }, "bins");
            meta[name] = new MetaFile(last, bytes.Length, null);
        }

        var targets = Put("targets.json", new TargetsMetadata
        {
            Version = last,
            Expires = state.Targets.Expires,
            Targets = state.Targets.Targets,
            Delegations = state.Targets.Delegations,
        }, "targets");
        meta["targets.json"] = MetaFile.Of(last, targets);
        var snapshot = Put("snapshot.json", new SnapshotMetadata { Version = last, Expires = state.Snapshot.Expires, Meta = meta }, "snapshot");
        var timestamp = RoleSigner.Sign(
            new TimestampMetadata { Version = last, Expires = state.Timestamp.Expires, Snapshot = MetaFile.Of(last, snapshot) }, KeysOf("timestamp"));
        File.WriteAllBytes(Path.Join(Fixture.Served, "timestamp.json"), timestamp);
        return (timestamp, snapshot);

        byte[] Put(string name, RoleMetadata content, string role)
        {
            var bytes = RoleSigner.Sign(content, KeysOf(role));
            File.WriteAllBytes(Path.Join(Fixture.Served, $"{last}.{name}"), bytes);
            return bytes;
        }
    }
}

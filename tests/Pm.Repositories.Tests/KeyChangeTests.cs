using System.Text;
using Pm.Linux;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>Keys of roles that are added, taken away, lost, stolen, and lie elsewhere.</summary>
public sealed class KeyChangeTests : KeeperTests
{
    [Fact]
    public void Two_of_three_sign_the_root_and_fewer_change_nothing()
    {
        Assert.False(Change(ThreeOfWhomTwo()).IsTaken);
        Assert.Equal(1, State().Root.Version);

        var outcome = Take(Ann);

        Assert.True(outcome.IsTaken);
        Assert.Equal(2, State().Root.Version);
        Assert.Empty(Fixture.Findings());
        Assert.Null(Fixture.Repository.Pending);
    }

    [Fact]
    public void The_old_keys_have_a_say_and_the_new_ones_too()
    {
        HandOver();
        var (mal, ned) = (SecretKey.Create(), SecretKey.Create());
        Change(new KeyChange
        {
            Added = [("root", Public(mal)), ("root", Public(ned))],
            Removed = [("root", Ann.Public.Id), ("root", Bob.Public.Id), ("root", Eve.Public.Id)],
        });

        // The new ones alone, and the old ones alone.
        Assert.False(Take(mal, ned).IsTaken);
        Assert.False(Take(Bob).IsTaken);
        Assert.Equal(3, State().Root.Version);

        Assert.True(Take(Eve).IsTaken);
        Assert.Equal(4, State().Root.Version);
        Assert.Equal(new HashSet<string> { mal.Public.Id, ned.Public.Id }, [.. State().Root.Roles["root"].KeyIds]);
        Assert.Empty(Fixture.Findings());
    }

    [Fact]
    public void A_change_of_what_is_published_no_more_is_refused_and_hinders_nobody()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        var file = Path.Join(Fixture.Path, "pending.json");
        var stale = File.ReadAllBytes(file);
        Fixture.Repository.DropPending(Fixture.Access);
        Assert.True(Change(new KeyChange { Rotated = ["snapshot"] }, Ann, Bob).IsTaken);
        File.WriteAllBytes(file, stale);

        Assert.Equal("PM5016", Assert.Throws<RepositoryException>(() => Take(Ann, Bob)).Code);
        File.WriteAllBytes(file, Signed(stale, Ann, Bob).ToBytes());
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));

        Assert.Equal(4, State().Root.Version);
        Assert.Empty(Fixture.Findings());
    }

    [Fact]
    public void A_change_that_expired_while_it_waited_is_refused()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        Fixture.Clock.Now += TimeSpan.FromDays(366);

        Assert.Equal("PM3028", Assert.Throws<ChangeException>(() => Take(Ann, Bob)).Code);
    }

    [Fact]
    public void Another_change_than_the_one_that_waits_is_refused()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        var other = File.ReadAllBytes(Path.Join(Fixture.Path, "pending.json"));
        Fixture.Repository.DropPending(Fixture.Access);
        Change(new KeyChange { Rotated = ["timestamp"] });

        var refused = Assert.Throws<RepositoryException>(() =>
            DirectoryRepository.TakeSignatures(Fixture.Path, Signed(other, Ann, Bob), isDryRun: false, Fixture.Access));

        Assert.Equal("PM5015", refused.Code);
        Assert.Equal("PM5014", Assert.Throws<RepositoryException>(() => Change(new KeyChange { Rotated = ["snapshot"] })).Code);
    }

    [Fact]
    public void What_a_killed_writer_had_begun_is_finished_and_the_command_does_nothing_else()
    {
        Change(ThreeOfWhomTwo());
        var pending = Path.Join(Fixture.Path, "pending.json");
        File.WriteAllBytes(pending, Signed(File.ReadAllBytes(pending), Ann).ToBytes());

        var finished = Assert.Throws<RepositoryException>(() => Change(new KeyChange { Rotated = ["timestamp"] }));

        Assert.Equal("PM5019", finished.Code);
        Assert.Equal(2, State().Root.Version);
        Assert.Null(Fixture.Repository.Pending);
    }

    [Fact]
    public void What_is_given_up_leaves_no_secret_key_behind()
    {
        HandOver();
        var before = File.ReadAllBytes(Path.Join(Fixture.Path, "keys/timestamp.json"));
        Change(new KeyChange { Rotated = ["timestamp"] });
        Assert.NotEqual(before, File.ReadAllBytes(Path.Join(Fixture.Path, "keys/timestamp.json")));

        Fixture.Repository.DropPending(Fixture.Access);

        Assert.Equal(before, File.ReadAllBytes(Path.Join(Fixture.Path, "keys/timestamp.json")));
    }

    [Fact]
    public void When_the_keys_of_the_targets_leave_publishing_goes_on()
    {
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        Change(new KeyChange { Added = [("targets", Public(Ann))], Removed = [("targets", State().Root.Roles["targets"].KeyIds[0])] });

        // While others sign, and after they have.
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));
        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);
        Assert.True(Take(Ann).IsTaken);
        Fixture.Publish(new SamplePackage("foo@1.2", "three"));

        Assert.Equal(["foo@1.0", "foo@1.1", "foo@1.2"], Fixture.Listed());
        Assert.Empty(State().Targets.Targets);
        Assert.False(File.Exists(Path.Join(Fixture.Path, "keys/targets.json")));
        Assert.DoesNotContain(Fixture.Findings(), finding => !finding.StartsWith("Unused", StringComparison.Ordinal));
        Assert.Equal(365, (State().Targets.Expires - Fixture.Clock.Now).Days);
    }

    [Theory]
    [InlineData("timestamp")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    [InlineData("bins")]
    public void A_key_that_is_lost_is_replaced_where_the_root_is_there(string role)
    {
        using var fixture = new RepositoryFixture(binsAbove: 0);
        fixture.Publish(new SamplePackage("foo@1.0", "one"));
        var lost = KeyFile.Parse(File.ReadAllBytes(Path.Join(fixture.Path, $"keys/{role}.json")), role)[0].Public.Id;
        File.Delete(Path.Join(fixture.Path, $"keys/{role}.json"));

        fixture.Repository.ChangeKeys(
            role == "targets" ? new KeyChange { Removed = [(role, lost)], Added = [(role, null)] } : new KeyChange { Rotated = [role] }, isDryRun: false, fixture.Access);

        Assert.DoesNotContain(lost, fixture.Repository.Keys().Single(key => key.Role == role).KeyIds);
        fixture.Publish(new SamplePackage("foo@1.1", "two"));
        Assert.DoesNotContain(fixture.Findings(), finding => !finding.StartsWith("Unused", StringComparison.Ordinal));
    }

    /// <summary>Who has the machine disables Eve under her own id, while Ann and Bob are enough: neither they nor the repository take it.</summary>
    [Fact]
    public void A_keeper_is_not_disabled_unseen()
    {
        HandOver();
        Change(new KeyChange { Rotated = ["timestamp"] });
        var file = Path.Join(Fixture.Path, "pending.json");
        var text = File.ReadAllText(file);
        var at = text.LastIndexOf(Eve.Public.PublicHex!, StringComparison.Ordinal);
        var altered = Encoding.UTF8.GetBytes(text.Remove(at, 64).Insert(at, new string('0', 64)));
        File.WriteAllBytes(file, altered);

        var refused = Assert.Throws<ChangeException>(() => Take(Ann, Bob));

        Assert.Equal("PM3028", refused.Code);
        Assert.Contains(Eve.Public.Id, refused.Message, StringComparison.Ordinal);
        Assert.Equal(altered, File.ReadAllBytes(file));
        Assert.Equal(3, State().Root.Version);
    }

    /// <summary>What others signed once with another tool is not carried on.</summary>
    [Fact]
    public void What_does_not_show_is_not_planned_either()
    {
        var root = State().Root;
        var hidden = new RootMetadata
        {
            Version = 2,
            Expires = root.Expires,
            Keys = root.Keys,
            Roles = new Dictionary<string, RoleKeys>(root.Roles) { ["root"] = new(root.Roles["root"].KeyIds.Add(Eve.Public.Id), 1) },
        };
        var signed = RoleSigner.Sign(hidden, KeysOf("root"));
        File.WriteAllBytes(Path.Join(Fixture.Served, "2.root.json"), signed);
        File.WriteAllBytes(Path.Join(Fixture.Served, "root.json"), signed);

        var refused = Assert.Throws<ChangeException>(() => Fixture.Repository.Renew(["root"], isDryRun: false, Fixture.Access));

        Assert.Equal("PM3028", refused.Code);
        Assert.Contains(Eve.Public.Id, refused.Message, StringComparison.Ordinal);
        Assert.Null(Fixture.Repository.Pending);
    }

    /// <summary>TUF 5.3.11: the thief signed the last version there is, so that clients refuse everything that comes after it.</summary>
    [Fact]
    public void A_repository_that_was_driven_to_the_last_version_begins_anew_with_other_keys()
    {
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        var thief = (Timestamp: KeysOf("timestamp"), Snapshot: KeysOf("snapshot"));
        var (root, kept) = (State().RootBytes, DriveForward(thief.Timestamp, thief.Snapshot));

        var refused = Assert.Throws<RepositoryException>(() => Fixture.Publish(new SamplePackage("foo@1.1", "two")));
        Assert.Equal(("PM5017", $"pm repo key --rotate snapshot --rotate timestamp {Fixture.Path}"), (refused.Code, refused.Hint));
        Assert.True(Change(new KeyChange { Rotated = ["timestamp", "snapshot"] }).IsTaken);
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));

        Assert.DoesNotContain(Fixture.Findings(), finding => !finding.StartsWith("Unused", StringComparison.Ordinal));
        Assert.InRange(State().Timestamp.Version, 1, 5);

        // A client that took the thief's files follows.
        var client = TrustedMetadataSet.Start(root, Fixture.Clock.Now, "test");
        client.UpdateRoot(State().RootBytes);
        client.RequireCurrentRoot();
        Assert.False(client.LoadTimestamp(kept));
        Assert.True(client.UpdateTimestamp(File.ReadAllBytes(Path.Join(Fixture.Served, "timestamp.json"))));

        // The thief's files do not pass any more.
        var other = TrustedMetadataSet.Start(State().RootBytes, Fixture.Clock.Now, "test");
        other.RequireCurrentRoot();
        Assert.Throws<SignatureException>(() => other.UpdateTimestamp(kept));
    }

    [Fact]
    public void Roles_are_told_of_before_they_end_and_earlier_where_others_must_sign()
    {
        HandOver();
        Assert.Empty(Told());

        Fixture.Clock.Now += TimeSpan.FromDays(24);
        Assert.Equal(["snapshot here", "targets here", "timestamp here"], Told().Order());

        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);
        Assert.Empty(Told());

        Fixture.Clock.Now = State().Root.Expires - TimeSpan.FromDays(29);
        Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access);
        Assert.Equal(["root elsewhere"], Told());
        Assert.True(Fixture.Repository.Renew(["root"], isDryRun: false, Fixture.Access with { Keys = [Ann, Eve] }).IsTaken);
        Assert.Empty(Told());
    }

    /// <summary>At every write: readers have the old or the new state, but between a root and a state when the old key is lost; the next writer goes on.</summary>
    [Theory]
    [InlineData("timestamp", false)]
    [InlineData("timestamp", true)]
    [InlineData("targets", false)]
    public void Killed_at_any_write_the_next_writer_goes_on(string role, bool isLost)
    {
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        var lost = Path.Join(Fixture.Path, $"keys/{role}.json");
        if (isLost)
        {
            File.Delete(lost);
        }

        for (var n = 1; ; n++)
        {
            var path = Path.Join(Fixture.Outside, $"{n}");
            TemporaryDirectory.Copy(Fixture.Path, path);
            var repository = DirectoryRepository.Open(path);
            var armed = WriteFault.Parse($"eio@{n}+", path);
            WriteDoor.Fault = armed;
            try
            {
                repository.ChangeKeys(new KeyChange { Rotated = [role] }, isDryRun: false, Fixture.Access);
            }
            catch (SystemCallException)
            {
                Assert.True(armed.HasStruck);
            }
            finally
            {
                WriteDoor.Fault = null;
            }

            if (!isLost)
            {
                Assert.DoesNotContain(Verified(repository), finding => finding.IsFault);
            }

            // Anything that changes the repository brings it to its end; without the key only another rotation does where nothing had begun.
            if (isLost && repository.Keys().Single(key => key.Role == role) is { IsSecretHere: false })
            {
                RotateAgain(repository, role);
            }

            repository.Refresh(onlyIfNeeded: false, Fixture.Access);
            repository.CollectGarbage(isDryRun: false, Fixture.Access);
            Assert.Empty(Verified(repository));
            Directory.Delete(path, recursive: true);
            if (!armed.HasStruck)
            {
                Assert.True(n > 15, $"only {n} writes");
                return;
            }
        }
    }

    void RotateAgain(DirectoryRepository repository, string role)
    {
        try
        {
            repository.ChangeKeys(new KeyChange { Rotated = [role] }, isDryRun: false, Fixture.Access);
        }
        catch (RepositoryException exception) when (exception.Code == "PM5019")
        {
            Assert.True(repository.Keys().Single(key => key.Role == role).IsSecretHere);
        }
    }

    System.Collections.Immutable.ImmutableArray<RepositoryFinding> Verified(DirectoryRepository repository) =>
        repository.Verify(Fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings;

    IEnumerable<string> Told() =>
        Fixture.Repository.Expiring(Fixture.Clock.Now).Select(role => $"{role.Role} {(role.IsSecretHere ? "here" : "elsewhere")}");

    byte[] DriveForward(SecretKey[] timestampKeys, SecretKey[] snapshotKeys)
    {
        var state = State();
        var snapshot = RoleSigner.Sign(new SnapshotMetadata { Version = StrictJson.MaximumInteger, Expires = state.Snapshot.Expires, Meta = state.Snapshot.Meta }, snapshotKeys);
        var timestamp = RoleSigner.Sign(
            new TimestampMetadata { Version = StrictJson.MaximumInteger, Expires = state.Timestamp.Expires, Snapshot = MetaFile.Of(StrictJson.MaximumInteger, snapshot) }, timestampKeys);
        File.WriteAllBytes(Path.Join(Fixture.Served, $"{StrictJson.MaximumInteger}.snapshot.json"), snapshot);
        File.WriteAllBytes(Path.Join(Fixture.Served, "timestamp.json"), timestamp);
        return timestamp;
    }
}

using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>Keys that sign at every change and are not there any more, and what their keeper is told of it.</summary>
public sealed class LostKeyTests : KeeperTests
{
    const string All = "--rotate snapshot --rotate timestamp --rotate bins";

    [Theory]
    [InlineData("snapshot")]
    [InlineData("timestamp")]
    [InlineData("bins")]
    public void A_lost_key_is_told_of_at_once(string role)
    {
        WithBins();
        Assert.Null(Fixture.Repository.Missing);
        File.Delete(KeyFileOf(role));

        Assert.Equal([role], Fixture.Repository.Missing!.Roles);
        Assert.Equal($"pm repo key --rotate {role} {Fixture.Path}", Fixture.Repository.Missing!.Remedy);
        Assert.Equal(role, Assert.Single(Fixture.Repository.Keys(), key => key.IsMissing).Role);
        Assert.Equal([$"Missing keys/{role}.json: the key of {role}, which signs at every change: pm repo key --rotate {role} {Fixture.Path}"], Faults(Fixture.Findings()));
    }

    [Fact]
    public void Keys_of_root_and_targets_may_be_elsewhere()
    {
        WithBins();
        File.Delete(KeyFileOf("root"));
        File.Delete(KeyFileOf("targets"));

        Assert.Null(Fixture.Repository.Missing);
        Assert.DoesNotContain(Fixture.Repository.Keys(), key => key.IsMissing);
        Assert.Empty(Faults(Fixture.Findings()));
    }

    [Fact]
    public void Of_all_that_are_lost_one_command_is_named_and_it_works()
    {
        WithBins();
        foreach (var role in (string[])["snapshot", "timestamp", "bins"])
        {
            File.Delete(KeyFileOf(role));
        }

        Action[] attempts =
        [
            () => Fixture.Publish(new SamplePackage("foo@1.1", "two")),
            () => Fixture.Repository.Refresh(onlyIfNeeded: false, Fixture.Access),
            () => Fixture.Repository.ToRefresh(onlyIfNeeded: false, Fixture.Access),
            () => Change(new KeyChange { Rotated = ["timestamp"] }),
            () => Change(new KeyChange { Rotated = ["timestamp", "snapshot"] }),
            () => Change(new KeyChange { Rotated = ["bins"] }),
        ];
        foreach (var attempt in attempts)
        {
            var refused = Assert.Throws<RepositoryException>(attempt);
            Assert.Contains(refused.Code, (string[])["PM5006", "PM5013"]);
            Assert.Contains($"pm repo key {All} {Fixture.Path}", refused.Hint, StringComparison.Ordinal);
        }

        Assert.True(Change(new KeyChange { Rotated = ["snapshot", "timestamp", "bins"] }).IsTaken);
        Fixture.Publish(new SamplePackage("foo@1.1", "two"));
        Assert.Empty(Faults(Fixture.Findings()));
        Assert.Null(Fixture.Repository.Missing);
    }

    [Fact]
    public void A_change_that_waits_is_said_to_replace_them_or_to_be_in_the_way()
    {
        HandOver();
        File.Delete(KeyFileOf("timestamp"));
        Assert.False(Change(new KeyChange { Rotated = ["timestamp"] }).IsTaken);
        Assert.Equal($"the change that waits for signatures replaces what is lost, pm repo sign {PendingFile} shows it", Fixture.Repository.Missing!.Remedy);

        File.Delete(KeyFileOf("snapshot"));
        Assert.Equal(
            $"pm repo sign --drop --repo {Fixture.Path} gives up the change that waits, and then pm repo key --rotate snapshot --rotate timestamp {Fixture.Path}",
            Fixture.Repository.Missing!.Remedy);
    }

    [Fact]
    public void A_file_of_keys_that_cannot_be_read_is_damaged()
    {
        File.WriteAllText(KeyFileOf("timestamp"), "{");

        var finding = Assert.Single(Faults(Fixture.Findings()));

        Assert.StartsWith("Damaged keys/timestamp.json: ", finding, StringComparison.Ordinal);
    }

    [Fact]
    public void What_would_be_renewed_is_what_is_renewed()
    {
        WithBins();
        foreach (var (days, isTimer, roles) in ((int, bool, string[])[])[
            (0, true, []), (0, false, ["targets", "snapshot", "timestamp"]), (16, true, ["targets", "snapshot", "timestamp"]),
            (184, true, ["root", "bins", "targets", "snapshot", "timestamp"]), (1, true, [])])
        {
            Fixture.Clock.Now += TimeSpan.FromDays(days);
            var before = TemporaryDirectory.Snapshot(Fixture.Path);

            Assert.Equal(roles, Fixture.Repository.ToRefresh(isTimer, Fixture.Access));
            Assert.Equal(before, TemporaryDirectory.Snapshot(Fixture.Path));
            Assert.Equal(roles, Fixture.Repository.Refresh(isTimer, Fixture.Access));
        }
    }

    [Fact]
    public void A_root_that_expired_is_told_of_after_everything_else_was_renewed()
    {
        HandOver();
        Fixture.Clock.Now = State().Root.Expires;
        Fixture.Repository.Refresh(onlyIfNeeded: true, Fixture.Access);

        Assert.Equal(["root"], Fixture.Repository.Expired(Fixture.Clock.Now).Select(role => role.Role));
        Assert.Empty(Fixture.Repository.Expired(Fixture.Clock.Now.AddSeconds(-1)));
    }

    /// <summary>The machine burnt down; what a mirror has is put back.</summary>
    [Fact]
    public void What_was_served_is_a_repository_again()
    {
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        var path = Path.Join(Fixture.Outside, "restored");
        Directory.CreateDirectory(path);
        TemporaryDirectory.Copy(Fixture.Served, Path.Join(path, "repository"));
        var restored = DirectoryRepository.Open(path);

        Assert.Equal(["foo@1.0"], restored.List().Select(target => target.Package.Id.ToString()));
        Assert.DoesNotContain(restored.Verify(Fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);
        Assert.All(restored.Keys(), key => Assert.False(key.IsSecretHere));
        Assert.Equal($"pm repo key --rotate snapshot --rotate timestamp {path}", restored.Missing!.Remedy);
        Assert.Equal("PM5006", Assert.Throws<RepositoryException>(() => restored.ToRefresh(onlyIfNeeded: false, Fixture.Access)).Code);
        Assert.Equal(["repository"], Directory.EnumerateFileSystemEntries(path).Select(Path.GetFileName));

        // The keepers of root and targets have theirs.
        var access = Fixture.Access with { Keys = [.. KeysOf("root"), .. KeysOf("targets")] };
        Assert.True(restored.ChangeKeys(new KeyChange { Rotated = ["snapshot", "timestamp"] }, isDryRun: false, access).IsTaken);
        Assert.Empty(Faults(restored.Verify(Fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings.Select(finding => $"{finding.Kind} {finding.Path}")));
        foreach (var name in (string[])["keys", "staged"])
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.Join(path, name)));
        }
    }
}

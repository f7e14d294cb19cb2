using System.Collections.Immutable;
using Xunit;

namespace Pm.Repositories.Tests;

public sealed class VerifyTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();
    readonly SamplePackage _package = new("foo@1.0", "one");

    public VerifyTests() => _fixture.Publish(_package);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_good_repository_says_what_was_checked()
    {
        var result = _fixture.Repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken);

        Assert.True(result.IsGood);
        Assert.Equal((1, 5), (result.Packages, result.Blobs));
        Assert.True(result.SizeInBytes > 40_000);
    }

    [Fact]
    public void Every_served_file_that_is_altered_or_lost_is_named()
    {
        foreach (var file in Directory.EnumerateFiles(_fixture.Served, "*", SearchOption.AllDirectories).ToList())
        {
            var relative = Path.GetRelativePath(_fixture.Path, file);
            if (IsSuperseded(relative))
            {
                continue;
            }

            var original = File.ReadAllBytes(file);
            var altered = original.ToArray();
            altered[altered.Length / 2] ^= 4;

            // Another inode: the target is a link to the blob.
            File.Delete(file);
            Assert.Contains(relative, Named());
            File.WriteAllBytes(file, altered);
            Assert.Contains(relative, Named());
            File.WriteAllBytes(file, original[..(original.Length / 2)]);
            Assert.Contains(relative, Named());
            File.WriteAllBytes(file, original);
        }

        Assert.Empty(Named());

        // The first snapshot and targets, which the second superseded; gc removes them.
        static bool IsSuperseded(string path) => path is "repository/1.snapshot.json" or "repository/1.targets.json";
    }

    [Fact]
    public void A_symbolic_link_in_place_of_a_file_is_a_fault()
    {
        var path = Path.Join(_fixture.Served, "foo-1.0.pkg");
        File.Move(path, Path.Join(_fixture.Outside, "elsewhere"));
        File.CreateSymbolicLink(path, Path.Join(_fixture.Outside, "elsewhere"));

        Assert.Contains("repository/foo-1.0.pkg", Named());
    }

    [Fact]
    public void A_secret_key_that_others_may_read_is_named()
    {
        File.SetUnixFileMode(Path.Join(_fixture.Path, "keys/root.json"), (UnixFileMode)0b110_100_100);

        var finding = Assert.Single(_fixture.Repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);

        Assert.Equal((FindingKind.Exposed, "keys/root.json"), (finding.Kind, finding.Path));
        Assert.EndsWith("expected mode 0600, got 0644", finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys/root.json", "keys/root.json", "root")]
    [InlineData("keys/timestamp.json", "backup.json", "timestamp")]
    [InlineData("keys/targets.json", "targets/foo/backup", "targets")]
    public void A_secret_key_where_files_are_served_is_named_with_what_to_do(string from, string to, string role)
    {
        var path = Path.Join(_fixture.Served, to);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.Copy(Path.Join(_fixture.Path, from), path);

        var finding = Assert.Single(Faults());

        Assert.Equal((FindingKind.Exposed, $"repository/{to}"), (finding.Kind, finding.Path));
        Assert.EndsWith($"remove it from here, and give {role} another: pm repo key --rotate {role} {_fixture.Path}", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void All_secret_keys_that_are_served_are_named_also_where_the_metadata_is_damaged()
    {
        File.Copy(Path.Join(_fixture.Path, "keys/root.json"), Path.Join(_fixture.Served, "a"));
        File.WriteAllText(Path.Join(_fixture.Served, "b"), "-----BEGIN PRIVATE KEY-----\n");
        File.Delete(Path.Join(_fixture.Served, "timestamp.json"));

        Assert.Equal(
            [(FindingKind.Exposed, "repository/a"), (FindingKind.Exposed, "repository/b"), (FindingKind.Metadata, "repository/timestamp.json")],
            Faults().Select(finding => (finding.Kind, finding.Path)));
    }

    [Theory]
    [InlineData("root")]
    [InlineData("snapshot")]
    [InlineData("targets")]
    public void A_wrong_copy_of_metadata_is_damaged_and_mended_by_the_next_writer(string role)
    {
        var path = Path.Join(_fixture.Served, $"{role}.json");
        foreach (var spoil in (Action[])[
            () => File.WriteAllText(path, "garbage"), () => File.WriteAllBytes(path, new byte[20_000_000]), () => File.WriteAllText(path, ""),
            () => File.CreateSymbolicLink(path, "timestamp.json")])
        {
            File.Delete(path);
            spoil();
            var finding = Assert.Single(Faults(), finding => finding.IsFault);
            Assert.Equal((FindingKind.Damaged, $"repository/{role}.json"), (finding.Kind, finding.Path));

            _fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access);
            Assert.Empty(Faults());
        }
    }

    [Fact]
    public void A_copy_that_a_crash_left_behind_hurts_nobody_and_a_lost_root_does()
    {
        var root = File.ReadAllBytes(Path.Join(_fixture.Served, "root.json"));
        _fixture.Repository.RotateKey("root", _fixture.Access);
        File.WriteAllBytes(Path.Join(_fixture.Served, "root.json"), root);
        File.Copy(Path.Join(_fixture.Served, "1.snapshot.json"), Path.Join(_fixture.Served, "snapshot.json"), overwrite: true);
        File.Delete(Path.Join(_fixture.Served, "targets.json"));
        Assert.DoesNotContain(Faults(), finding => finding.IsFault);
        Assert.Superset(new HashSet<string> { "repository/root.json", "repository/snapshot.json", "repository/targets.json" }, Named().ToHashSet());

        File.Delete(Path.Join(_fixture.Served, "root.json"));
        Assert.Equal((FindingKind.Missing, "repository/root.json"), Faults().Where(finding => finding.IsFault).Select(finding => (finding.Kind, finding.Path)).Single());
    }

    [Fact]
    public void What_is_wrong_with_the_metadata_is_said_of_the_file_and_of_no_remote()
    {
        var finding = Assert.Single(
            _fixture.Repository.Verify(_fixture.Clock.Now.AddDays(31), SamplePackage.Judge, TestContext.Current.CancellationToken).Findings, finding => finding.IsFault);

        Assert.Equal("repository/timestamp.json", finding.Path);
        Assert.StartsWith("timestamp: frozen since ", finding.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_that_fell_behind_is_told_and_mended_by_the_next_change()
    {
        File.WriteAllText(Path.Join(_fixture.Served, "available.json"), "{}");
        Assert.Equal(FindingKind.Outdated, Assert.Single(Faults()).Kind);

        _fixture.Publish(_package);

        Assert.Empty(Faults());
    }

    ImmutableArray<RepositoryFinding> Faults() =>
        _fixture.Repository.Verify(_fixture.Clock.Now, SamplePackage.Judge, TestContext.Current.CancellationToken).Findings;

    List<string> Named() => [.. Faults().Select(finding => finding.Path)];
}

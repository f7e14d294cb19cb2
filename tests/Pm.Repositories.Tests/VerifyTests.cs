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

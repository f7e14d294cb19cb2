using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;
using Xunit;

namespace Pm.Repositories.Tests.Browsing;

/// <summary>What a repository offers, found by name, by word and by time.</summary>
public sealed class CatalogueTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void New_names_and_further_versions_are_told_apart_by_the_times_of_their_files()
    {
        _fixture.Publish(new("a@1", "1"), new("a@2", "2"), new("b@1", "3"), new("c@1", "4"), new("c@2", "5"));
        Touch(("a-1", 1), ("b-1", 2), ("c-1", 3), ("a-2", 5), ("c-2", 4));

        var times = Served().Catalogue.Times;

        Assert.Equal(["c@1", "b@1", "a@1"], times.Newest.Select(target => target.Package.Id.ToString()));
        Assert.Equal(["a@2", "c@2"], times.Updated.Select(target => target.Package.Id.ToString()));
        Assert.Equal(RepositoryFixture.Start.AddDays(5), times.Of(PackageId.Parse("a@2")));
    }

    [Fact]
    public void What_was_yanked_is_not_recommended()
    {
        _fixture.Publish(new("a@1", "1"), new("a@2", "2"), new("b@1", "3"));
        Touch(("a-1", 1), ("a-2", 2), ("b-1", 3));
        _fixture.Repository.Yank(PackageId.Parse("a@2"), null, _fixture.Access);
        _fixture.Repository.Yank(PackageId.Parse("b@1"), null, _fixture.Access);

        var catalogue = Served().Catalogue;

        Assert.Equal(["a@1"], catalogue.Times.Newest.Select(target => target.Package.Id.ToString()));
        Assert.Empty(catalogue.Times.Updated);
        Assert.Equal("a@1", catalogue.Newest(PackageName.Parse("a"))!.Package.Id.ToString());
        Assert.Null(catalogue.Newest(PackageName.Parse("b")));
        Assert.Equal(["a@2", "a@1"], catalogue.Versions(PackageName.Parse("a")).Select(target => target.Package.Id.ToString()));
    }

    [Fact]
    public void A_version_whose_file_is_gone_has_no_time_and_hides_nothing()
    {
        _fixture.Publish(new("a@1", "1"), new("b@1", "2"));
        File.Delete(Path.Join(_fixture.Served, "a-1.pkg"));

        var times = Served().Catalogue.Times;

        Assert.Null(times.Of(PackageId.Parse("a@1")));
        Assert.Equal(["b@1"], times.Newest.Select(target => target.Package.Id.ToString()));
    }

    [Fact]
    public void A_change_is_seen_and_what_was_known_of_the_rest_is_kept()
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        Touch(("a-1", 1));
        var served = Served();
        var before = served.Catalogue;
        Assert.Equal(RepositoryFixture.Start.AddDays(1), before.Times.Of(PackageId.Parse("a@1")));
        Touch(("a-1", 9));

        Assert.Same(before, served.Catalogue);
        _fixture.Publish(new SamplePackage("b@1", "2"));
        var after = served.Catalogue;

        Assert.Equal(2, after.View.Index.NameCount);
        Assert.Equal(1, before.View.Index.NameCount);
        Assert.Equal(RepositoryFixture.Start.AddDays(1), after.Times.Of(PackageId.Parse("a@1")));
        Assert.NotNull(after.Times.Of(PackageId.Parse("b@1")));
    }

    [Fact]
    public void Dependents_are_those_whose_newest_version_needs_it()
    {
        _fixture.Publish(
            new("base@1", "0"), new("uses@1", "1", "deps: [base]\n"), new("also@1", "2", "requires:\n  base: ^1\n"),
            new("stopped@1", "3", "deps: [base]\n"), new("stopped@2", "4"));

        var catalogue = Served().Catalogue;

        Assert.Equal(["also", "uses"], catalogue.DependentsOf(PackageName.Parse("base")).Select(name => name.Text));
        Assert.Empty(catalogue.DependentsOf(PackageName.Parse("uses")));
    }

    [Fact]
    public void Publishers_are_counted()
    {
        _fixture.Publish(new("a@1", "1"), new("a@2", "2"));

        var share = Assert.Single(Served().Catalogue.Publishers);

        Assert.Equal((SamplePackage.Signer.ToString(), 2), (share.Fingerprint, share.Versions));
    }

    [Fact]
    public void While_its_index_is_being_written_it_says_what_it_said_before()
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        var clock = new FixedClock(TimeProvider.System.GetUtcNow());
        var served = RepositorySet.Open([_fixture.Path], _ => { }, clock).All[0];
        var index = Path.Join(_fixture.Path, "index");
        var older = File.ReadAllBytes(index);
        Assert.Equal(1, served.View.Index.VersionCount);

        _fixture.Publish(new SamplePackage("b@1", "2"));
        var newer = File.ReadAllBytes(index);
        File.WriteAllBytes(index, older);
        clock.Now = File.GetLastWriteTimeUtc(Path.Join(_fixture.Served, "timestamp.json"));
        Assert.Equal(1, served.View.Index.VersionCount);
        Assert.Equal(1, served.View.Index.VersionCount);

        File.WriteAllBytes(index, newer);
        Assert.Equal(2, served.View.Index.VersionCount);
    }

    [Theory]
    [InlineData("older")]
    [InlineData("damaged")]
    [InlineData("absent")]
    public void An_index_that_is_not_written_any_more_is_done_without(string state)
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        var clock = new FixedClock(TimeProvider.System.GetUtcNow());
        var served = RepositorySet.Open([_fixture.Path], _ => { }, clock).All[0];
        var index = Path.Join(_fixture.Path, "index");
        var older = File.ReadAllBytes(index);
        Assert.Equal(1, served.View.Index.VersionCount);

        _fixture.Publish(new SamplePackage("b@1", "2"));
        File.Delete(index);
        if (state != "absent")
        {
            File.WriteAllBytes(index, state == "older" ? older : older[..^1]);
        }

        clock.Now = File.GetLastWriteTimeUtc(Path.Join(_fixture.Served, "timestamp.json")).AddSeconds(11);
        Assert.Equal(["a", "b"], served.View.Index.StartingWith("").Select(name => name.Text));
    }

    [Fact]
    public void What_cannot_be_read_is_not_read_again_for_every_request()
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        var clock = new FixedClock(TimeProvider.System.GetUtcNow());
        var served = RepositorySet.Open([_fixture.Path], _ => { }, clock).All[0];
        var targets = Directory.GetFiles(_fixture.Served, "*.targets.json").Max()!;
        var good = File.ReadAllBytes(targets);
        File.WriteAllText(targets, "{");

        var first = Assert.Throws<RepositoryException>(() => served.View);
        File.WriteAllBytes(targets, good);
        var second = Assert.Throws<RepositoryException>(() => served.View);
        clock.Now = clock.Now.AddSeconds(11);

        Assert.Equal((first.Code, first.Message), (second.Code, second.Message));
        Assert.Equal(1, served.View.Index.VersionCount);
    }

    /// <summary>In every part: what a disk or a person did to the index is in no answer.</summary>
    [Fact]
    public void An_index_with_a_damaged_byte_is_made_again()
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        var file = Path.Join(_fixture.Path, "index");
        var whole = File.ReadAllBytes(file);
        for (var at = 0; at < whole.Length; at += 9)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= 0x55;
            File.WriteAllBytes(file, damaged);

            Assert.Equal("1", Assert.Single(Served().Catalogue.Versions(PackageName.Parse("a"))).Package.Version.Text);
        }
    }

    [Fact]
    public void Publishing_what_is_there_mends_a_damaged_index()
    {
        _fixture.Publish(new SamplePackage("a@1", "1"));
        var file = Path.Join(_fixture.Path, "index");
        var damaged = File.ReadAllBytes(file);
        damaged.AsSpan(9, 3).Fill(0xff);
        File.WriteAllBytes(file, damaged);

        Assert.False(Assert.Single(_fixture.Publish(new SamplePackage("a@1", "1"))).IsNew);
        RepositoryIndex.Open(File.ReadAllBytes(file)).RequireWhole();
    }

    ServedRepository Served() => RepositorySet.Open([_fixture.Path], _ => { }).All[0];

    void Touch(params (string File, int Day)[] files)
    {
        foreach (var (file, day) in files)
        {
            var path = Path.Join(_fixture.Served, $"{file}.pkg");
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            File.SetLastWriteTimeUtc(path, RepositoryFixture.Start.AddDays(day).UtcDateTime);
        }
    }
}

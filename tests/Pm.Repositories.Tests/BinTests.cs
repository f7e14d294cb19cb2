using System.Text.Json;
using Pm.Packages.Index;
using Pm.Trust.Tuf;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>A repository with more packages than targets.json is to name: they lie in hashed bins.</summary>
public sealed class BinTests : IDisposable
{
    readonly RepositoryFixture _fixture = new(binsAbove: 2);

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void They_are_made_by_the_publish_that_needs_them()
    {
        _fixture.Publish(new SamplePackage("one@1.0", "1"), new SamplePackage("two@1.0", "2"));
        Assert.Empty(Bins());

        _fixture.Publish(new SamplePackage("three@1.0", "3"));

        Assert.Equal(Enumerable.Range(0, 16).Select(bin => $"1.bin-{bin:x}.json").Order(), Bins());
        Assert.Equal(["one@1.0", "three@1.0", "two@1.0"], _fixture.Listed());
        Assert.Empty(Targets().Targets);
        Assert.Empty(_fixture.Findings());
        Assert.Equal(["one@1.0", "three@1.0", "two@1.0"], Available());
    }

    [Fact]
    public void A_publish_writes_one_bin_and_what_names_it()
    {
        Fill();
        var before = Directory.GetFiles(_fixture.Served).ToHashSet();
        var version = Targets().Version;

        _fixture.Publish(new SamplePackage("four@1.0", "4"));

        var written = Directory.GetFiles(_fixture.Served).Where(file => !before.Contains(file)).Select(Path.GetFileName).Order().ToList();
        Assert.Equal(["2.bin-", "4.snap", "four-1"], written.Select(name => name![..6]));
        Assert.Equal(version, Targets().Version);
        Assert.Empty(_fixture.Findings());
        Assert.Equal(["four@1.0", "one@1.0", "three@1.0", "two@1.0"], Available());
    }

    /// <summary>Each of them is short enough, and their names were chosen to lie in one bin.</summary>
    [Fact]
    public void No_bin_is_published_that_clients_would_not_take()
    {
        Fill();
        var before = TemporaryDirectory.Snapshot(_fixture.Served);
        var bins = new HashBins(16);
        var said = JsonSerializer.SerializeToElement(new { text = new string('x', 60_000) });
        var file = new TargetFile(1, FileHashes.OfSha512([]), said);
        var changes = Enumerable.Range(0, int.MaxValue).Select(i => $"foo/{i}").Where(path => bins.BinOf(path) == 0).Take(150)
            .ToDictionary(path => path, _ => (TargetFile?)file);
        using (var writer = RepositoryWriter.Open(_fixture.Path, _fixture.Access))
        {
            var state = RepositoryState.Load(writer.Served);
            var commit = new MetadataCommit(writer, new RepositorySettings(), _fixture.Clock.Now, state.Root);
            Assert.Equal("PM5012", Assert.Throws<RepositoryException>(() => commit.Publish(state, changes)).Code);
        }

        Assert.Equal(before, TemporaryDirectory.Snapshot(_fixture.Served));
    }

    [Fact]
    public void A_package_adds_only_so_much_to_the_index()
    {
        var long60 = new SamplePackage("foo@1.0", "1", $"provides: [{string.Join(", ", Enumerable.Range(0, 7000).Select(i => $"some-{i:d5}"))}]\n");
        var commands = new SamplePackage("bar@1.0", "1", "", [.. Enumerable.Range(0, 4000).Select(i => ($"bin/a{i:d15}", (byte[])[1]))]);

        Assert.Equal("PM5012", Assert.Throws<RepositoryException>(() => _fixture.Publish(long60)).Code);
        _fixture.Publish(commands);

        Assert.InRange(_fixture.Repository.List()[0].Package.Provides.Length, 0, 2100);
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void Yanking_and_removing_find_their_bin()
    {
        Fill();

        Assert.True(_fixture.Repository.Yank(RepositoryFixture.Id("two@1.0"), "bad", _fixture.Access));
        Assert.True(_fixture.Repository.List().Single(target => target.Package.IsYanked).Package.Id == RepositoryFixture.Id("two@1.0"));
        _fixture.Repository.Remove([RepositoryFixture.Id("one@1.0"), RepositoryFixture.Id("three@1.0")], _fixture.Access);

        Assert.Equal(["two@1.0"], _fixture.Listed());
        Assert.Equal("PM5005", Assert.Throws<RepositoryException>(
            () => _fixture.Repository.Yank(RepositoryFixture.Id("one@1.0"), null, _fixture.Access)).Code);
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void A_version_never_changes_and_a_file_name_is_one_packages()
    {
        Fill();

        Assert.Equal("PM5003", Refused(new SamplePackage("two@1.0", "other")));
        _fixture.Publish(new SamplePackage("a@1-2", "x"));
        Assert.Equal("PM5007", Refused(new SamplePackage("a-1@2", "y")));
        Assert.False(_fixture.Publish(new SamplePackage("two@1.0", "2"))[0].IsNew);
    }

    [Fact]
    public void With_too_many_packages_for_them_there_are_more()
    {
        Fill();
        _fixture.Publish([.. Enumerable.Range(0, 30).Select(i => new SamplePackage($"many-{i}@1.0", $"{i}"))]);
        Assert.Equal(16, State().Bins!.Count);

        _fixture.Publish(new SamplePackage("last@1.0", "last"));

        Assert.Equal(32, State().Bins!.Count);
        Assert.Equal(34, _fixture.Listed().Count());
        Assert.Empty(_fixture.Findings());
        Assert.Equal(34, Available().Count());
        _fixture.Repository.CollectGarbage(isDryRun: false, _fixture.Access);
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void Without_the_key_of_the_targets_packages_are_published_and_the_bins_stay()
    {
        Fill();
        _fixture.Publish([.. Enumerable.Range(0, 30).Select(i => new SamplePackage($"many-{i}@1.0", $"{i}"))]);
        File.Move(Path.Join(_fixture.Path, "keys/targets.json"), Path.Join(_fixture.Outside, "targets.json"));

        _fixture.Publish(new SamplePackage("last@1.0", "last"));

        Assert.Equal(16, State().Bins!.Count);
        Assert.Equal(34, _fixture.Listed().Count());
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void Another_key_signs_for_them_in_one_step()
    {
        Fill();
        var old = Key();

        _fixture.Repository.RotateKey("bins", _fixture.Access);

        Assert.NotEqual(old, Key());
        Assert.Empty(_fixture.Findings());
        _fixture.Publish(new SamplePackage("four@1.0", "4"));
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void Without_bins_there_is_no_key_to_replace() =>
        Assert.Equal("PM5011", Assert.Throws<RepositoryException>(() => _fixture.Repository.RotateKey("bins", _fixture.Access)).Code);

    [Fact]
    public void They_are_renewed_when_half_of_their_time_is_over()
    {
        Fill();
        _fixture.Clock.Now += TimeSpan.FromDays(20);
        Assert.Equal(["targets", "snapshot", "timestamp"], _fixture.Repository.Refresh(onlyIfNeeded: false, _fixture.Access));

        _fixture.Clock.Now += TimeSpan.FromDays(200);
        Assert.Equal(["root", "bins", "targets", "snapshot", "timestamp"], _fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access));

        Assert.Empty(_fixture.Findings());
        Assert.Equal(2, State().VersionOf(0));
    }

    [Fact]
    public void A_damaged_or_missing_one_is_found()
    {
        Fill();
        var bin = Path.Join(_fixture.Served, $"1.{HashBins.NameOf(State().Bins!.BinOf("one/1.0"))}.json");
        var bytes = File.ReadAllBytes(bin);
        File.Delete(bin);

        Assert.Contains(_fixture.Findings(), finding => finding.Contains("it is missing", StringComparison.Ordinal));
        Assert.Equal("PM5008", Assert.Throws<RepositoryException>(() => _fixture.Listed()).Code);

        bytes[^20] ^= 1;
        File.WriteAllBytes(bin, bytes);
        Assert.Contains(_fixture.Findings(), finding => finding.Contains("arbitrary software attack", StringComparison.Ordinal));
    }

    [Fact]
    public void The_index_is_made_again_when_it_is_lost_or_damaged()
    {
        Fill();
        var index = Path.Join(_fixture.Path, "index");
        var bytes = File.ReadAllBytes(index);
        foreach (var damage in (Action[])[() => File.Delete(index), () => File.WriteAllText(index, "damaged")])
        {
            damage();
            Assert.Equal(["Outdated index: it does not hold what the signed metadata says"], _fixture.Findings());

            _fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access);

            Assert.Equal(bytes, File.ReadAllBytes(index));
            Assert.Empty(_fixture.Findings());
        }
    }

    [Fact]
    public void The_index_made_step_by_step_is_the_one_made_of_everything()
    {
        Fill();
        _fixture.Publish(new SamplePackage("two@2.0", "4"), new SamplePackage("four@1.0", "4"));
        _fixture.Repository.Yank(RepositoryFixture.Id("two@2.0"), "bad", _fixture.Access);
        _fixture.Repository.Remove([RepositoryFixture.Id("one@1.0")], _fixture.Access);
        var index = Path.Join(_fixture.Path, "index");
        var bytes = File.ReadAllBytes(index);

        File.Delete(index);
        _fixture.Repository.Refresh(onlyIfNeeded: true, _fixture.Access);

        Assert.Equal(bytes, File.ReadAllBytes(index));
        Assert.Equal(["four@1.0", "three@1.0", "two@1.0", "two@2.0"], Available());
    }

    [Fact]
    public void Long_metadata_has_a_compressed_sibling_that_goes_with_it()
    {
        _fixture.Publish([.. Enumerable.Range(0, 40).Select(i => new SamplePackage($"many-{i}@1.0", $"{i}"))]);
        var sibling = Path.Join(_fixture.Served, "available.json.zst");
        Assert.Contains("2.targets.json.zst", Directory.GetFiles(_fixture.Served).Select(Path.GetFileName));
        Assert.True(File.Exists(sibling));

        File.WriteAllText(sibling, "other");
        Assert.Contains(_fixture.Findings(), finding => finding.StartsWith("Damaged repository/available.json.zst", StringComparison.Ordinal));

        _fixture.Repository.Remove([.. _fixture.Repository.List().Skip(3).Select(target => target.Package.Id)], _fixture.Access);
        Assert.False(File.Exists(sibling));
        Assert.Empty(_fixture.Findings());
    }

    [Fact]
    public void Superseded_bins_go_with_the_last_snapshot_that_names_them()
    {
        Fill();
        for (var i = 0; i < 8; i++)
        {
            _fixture.Publish(new SamplePackage($"one@1.{i + 1}", $"{i}"));
        }

        _fixture.Repository.CollectGarbage(isDryRun: false, _fixture.Access);

        var kept = Enumerable.Range((int)State().Snapshot.Version - 5, 6)
            .SelectMany(version => SnapshotMetadata.Parse(SignedDocument.Parse(File.ReadAllBytes(Path.Join(_fixture.Served, $"{version}.snapshot.json")), "x", MetadataLimits.Any).Body).Meta)
            .Where(entry => entry.Key.StartsWith("bin-", StringComparison.Ordinal))
            .Select(entry => $"{entry.Value.Version}.{entry.Key}").Distinct().Order();
        Assert.Equal(kept, Bins());
        Assert.Empty(_fixture.Findings());
    }

    void Fill()
    {
        _fixture.Publish(new SamplePackage("one@1.0", "1"), new SamplePackage("two@1.0", "2"));
        _fixture.Publish(new SamplePackage("three@1.0", "3"));
    }

    string? Refused(SamplePackage package) => Assert.Throws<RepositoryException>(() => _fixture.Publish(package)).Code;

    string Key() => Targets().Delegations!.Roles[0].Keys.KeyIds.Single();

    RepositoryState State() => RepositoryState.Load(Linux.DirectoryHandle.Open(_fixture.Served));

    TargetsMetadata Targets() => State().Targets;

    IEnumerable<string?> Bins() => Directory.GetFiles(_fixture.Served, "*.bin-*.json").Select(Path.GetFileName).Order();

    IEnumerable<string> Available() => AvailableDocument.Parse(File.ReadAllBytes(Path.Join(_fixture.Served, "available.json")))
        .Packages.Select(package => package.Id.ToString());
}

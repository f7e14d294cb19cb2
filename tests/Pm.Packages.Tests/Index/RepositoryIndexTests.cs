using Pm.Codecs;
using Pm.Packages.Index;
using Xunit;

namespace Pm.Packages.Tests.Index;

public class RepositoryIndexTests
{
    static readonly DateTimeOffset Expires = DateTimeOffset.FromUnixTimeSeconds(2_000_000_000);

    [Fact]
    public void It_answers_as_one_who_reads_and_looks_at_everything()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomPackages(seed);
            var remotes = Enumerable.Range(0, 1 + random.Next(3)).Select(i => (Remote: $"r{i}", Document: random.Document(25))).ToList();
            var pins = Enumerable.Range(0, random.Next(3)).Select(_ => PackageName.Parse(random.Name())).Distinct()
                .ToDictionary(name => name, _ => $"r{random.Next(4)}");

            Agree(
                new ParsedIndex(remotes.Select(r => ((string?)r.Remote, r.Document)), pins),
                new PackageIndex([.. remotes.Select(r => ((string?)r.Remote, RepositoryIndex.Of(r.Document.Packages)))], pins),
                random, seed);
        }
    }

    [Fact]
    public void Versions_that_are_looked_at_one_by_one_are_those_that_are_read()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var index = RepositoryIndex.Of(new RandomPackages(seed).Document(60).Packages);

            foreach (var name in index.StartingWith(""))
            {
                var (offered, versions) = (index.Offered(name, "r")!, index.Versions(name));
                Assert.Equal(versions.Select(v => v.Package with { Remote = "r" }), Enumerable.Range(0, offered.Count).Select(i => offered[i]));
                Assert.Equal(
                    versions.Select(v => new VersionStanding(v.Package.IsYanked, v.Package.Version.IsPreRelease, v.Package.SameAs is not null, v.Package.Published)),
                    Enumerable.Range(0, offered.Count).Select(offered.Standing));
                Assert.Equal(Enumerable.Range(0, offered.Count), versions.Select(v => offered.IndexOf(v.Package.Version)));
                Assert.Equal(-1, offered.IndexOf(PackageVersion.Parse("0.0.0-none")));
            }
        }
    }

    [Fact]
    public void Every_field_of_a_package_is_kept()
    {
        var random = new RandomPackages(7);
        var packages = random.Document(400).Packages.Select(random.Indexed).ToList();

        var index = Built(packages, Head("targets"));

        Assert.Equal(packages.Count, index.VersionCount);
        Assert.Equal(packages.DistinctBy(p => p.Package.Name).Count(), index.NameCount);
        Assert.All(packages, package => Assert.Equal(package, index.Find(package.Package.Id)));
    }

    [Fact]
    public void The_head_says_what_it_was_made_from()
    {
        var head = new IndexHead
        {
            Sources = [new("targets", 7, Expires), new("bin-0", 1, DateTimeOffset.UnixEpoch)],
            Keys = Sha256Digest.Of("keys"u8),
            Delegations = Sha256Digest.Of("delegations"u8),
            IsConsistentSnapshot = true,
        };

        Assert.Equal(head, Built([], head).MadeFrom);
        Assert.Equal(head with { AreSourcesDisjoint = true }, Built([], head with { AreSourcesDisjoint = true }).MadeFrom);
        Assert.Empty(Built([], head).StartingWith(""));
    }

    /// <summary>What an index takes over from an older one gives the same bytes as making it of everything.</summary>
    [Fact]
    public void An_index_made_from_an_older_one_is_the_one_made_from_nothing()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new RandomPackages(seed);
            var sources = Enumerable.Range(0, 4).Select(_ => new List<IndexedPackage>()).ToArray();
            foreach (var package in random.Document(60).Packages)
            {
                var source = random.Next(sources.Length);
                sources[source].Add(random.Indexed(package) with { Source = source });
            }

            var before = All(sources);
            var old = Built(before, Head("targets", "a", "b", "c"));
            var changed = Enumerable.Range(0, sources.Length).Where(_ => random.Next(3) == 0).ToList();
            changed.ForEach(source => Change(sources, source, random));
            var after = All(sources);

            var builder = new IndexBuilder();
            changed.SelectMany(source => sources[source]).ToList().ForEach(builder.Add);
            using var stream = new MemoryStream();
            var changes = builder.Write(stream, Head("targets", "a", "b", "c"), old, source => changed.Contains(source) ? null : source);

            Assert.Equal(Bytes(after, Head("targets", "a", "b", "c")), stream.ToArray());
            Assert.Equal(Ids(after.Where(p => before.All(b => b.Package.Id != p.Package.Id))), changes.Added.Order());
            Assert.Equal(Ids(before.Where(p => after.All(a => a.Package.Id != p.Package.Id))), changes.Removed.Order());
            Assert.Equal(
                Ids(after.Where(p => p.Package.IsYanked && before.Any(b => b.Package.Id == p.Package.Id && !b.Package.IsYanked))),
                changes.Yanked.Order());
        }
    }

    [Fact]
    public void Sources_may_be_numbered_anew()
    {
        var random = new RandomPackages(3);
        var packages = random.Document(50).Packages.Select((p, i) => random.Indexed(p) with { Source = i % 2 }).ToList();
        var old = Built(packages, Head("a", "b"));
        using var stream = new MemoryStream();

        new IndexBuilder().Write(stream, Head("new", "b", "a"), old, source => source == 0 ? 2 : 1);

        Assert.Equal(Bytes(packages.Select(p => p with { Source = p.Source == 0 ? 2 : 1 }), Head("new", "b", "a")), stream.ToArray());
    }

    [Fact]
    public void A_version_that_two_sources_name_is_the_first_ones()
    {
        var package = new RandomPackages(1).Package();
        var index = Built(
            [new(new PublishedTarget(package with { Description = "second" })) { Source = 1 }, new(new PublishedTarget(package with { Description = "first" })) { Source = 0 }],
            Head("a", "b"));

        Assert.Equal("first", Assert.Single(index.Versions(package.Name)).Package.Description);
    }

    [Fact]
    public void A_file_that_is_cut_off_or_altered_is_refused_or_answers()
    {
        var random = new RandomPackages(5);
        var packages = random.Document(40).Packages;
        using var stream = new MemoryStream();
        var builder = new IndexBuilder();
        packages.Select(random.Indexed).ToList().ForEach(builder.Add);
        builder.Write(stream, Head("targets"));
        var bytes = stream.ToArray();
        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal("PM2018", Assert.Throws<PackageFormatException>(() => RepositoryIndex.Open(bytes.AsMemory(0, length))).Code);
        }

        for (var at = 0; at < bytes.Length; at++)
        {
            var altered = bytes.ToArray();
            altered[at] ^= (byte)(1 << random.Next(8));
            try
            {
                AskEverything(RepositoryIndex.Open(altered), packages);
            }
            catch (PackageFormatException exception)
            {
                Assert.Equal(("PM2018", "pm pull"), (exception.Code, exception.Hint));
            }
        }
    }

    /// <summary>What is found is what was written, whatever byte is altered: the checksum covers the name.</summary>
    [Fact]
    public void No_altered_record_is_believed()
    {
        var random = new RandomPackages(6);
        var packages = random.Document(10).Packages;
        var bytes = Bytes(packages.Select(p => new IndexedPackage(new PublishedTarget(p))), Head("targets"));
        for (var at = 0; at < bytes.Length; at++)
        {
            var altered = bytes.ToArray();
            altered[at] ^= 0x10;
            foreach (var package in packages)
            {
                try
                {
                    Assert.True(RepositoryIndex.Open(altered).Find(package.Id) is not { } found || found.Package == package, $"byte {at}");
                }
                catch (PackageFormatException exception)
                {
                    Assert.Equal("PM2018", exception.Code);
                }
            }
        }
    }

    [Fact]
    public void Nothing_is_taken_over_from_an_index_that_is_damaged_anywhere()
    {
        var random = new RandomPackages(8);
        var bytes = Bytes(random.Document(10).Packages.Select(p => new IndexedPackage(new PublishedTarget(p))), Head("targets"));
        for (var at = 0; at < bytes.Length; at++)
        {
            var altered = bytes.ToArray();
            altered[at] ^= 0x40;

            var refused = Assert.Throws<PackageFormatException>(
                () => new IndexBuilder().Write(Stream.Null, Head("targets"), RepositoryIndex.Open(altered), source => source));

            Assert.Equal("PM2018", refused.Code);
        }
    }

    [Fact]
    public void Another_format_is_told_apart()
    {
        var bytes = Bytes([], Head("targets"));
        bytes[^12] = 9;

        var refused = Assert.Throws<PackageFormatException>(() => RepositoryIndex.Open(bytes, "/x"));

        Assert.Equal("/x: expected an index of format 1, got 9: another version of pm wrote it", refused.Message);
    }

    internal static void AskEverything(RepositoryIndex repository, IEnumerable<AvailablePackage> packages)
    {
        var index = new PackageIndex([("r", repository)]);
        _ = repository.MadeFrom;
        foreach (var word in (string[])["a", "bc", "abc", "é", "漢", "b-1", ""])
        {
            _ = index.Search([word]);
            _ = index.Suggest(word);
            _ = index.Providers(word);
        }

        foreach (var package in packages)
        {
            _ = index.Versions(package.Name);
            _ = index.Newest(package.Name);
        }

        foreach (var name in index.Names)
        {
            _ = index.Versions(name);
        }
    }

    static void Agree(ParsedIndex expected, PackageIndex actual, RandomPackages random, int seed)
    {
        Assert.Equal(expected.Names, actual.Names);
        foreach (var name in expected.Names.Append(PackageName.Parse(random.Name())))
        {
            Assert.Equal(expected.Versions(name), actual.Versions(name));
            Assert.Equal(expected.Newest(name), actual.Newest(name));
            Assert.Equal(expected.Providers(name.Text), actual.Providers(name.Text));
        }

        for (var round = 0; round < 20; round++)
        {
            string[] words = [.. Enumerable.Range(0, random.Next(3)).Select(_ => random.Next(2) == 0 ? random.Text(4) : random.Name())];
            var most = random.Next(5);
            Assert.Equal(expected.Search(words), actual.Search(words).Hits);
            Assert.Equal(expected.Search(words).Take(most), actual.Search(words, most).Hits);
            Assert.Equal(expected.Search(words).Count, actual.Search(words, most).Total);
            var typed = random.Next(2) == 0 ? random.Name() : random.Text(9);
            Assert.True(expected.Suggest(typed).SequenceEqual(actual.Suggest(typed)), $"seed {seed}: {typed}");
            Assert.Equal(expected.Providers(typed), actual.Providers(typed));
            Assert.Equal(expected.Names.Where(n => n.Text.StartsWith(typed, StringComparison.Ordinal)), actual.StartingWith(typed));
        }
    }

    static void Change(List<IndexedPackage>[] sources, int source, RandomPackages random)
    {
        sources[source].RemoveAll(_ => random.Next(4) == 0);
        for (var at = 0; at < sources[source].Count; at++)
        {
            if (random.Next(3) == 0)
            {
                var yanked = sources[source][at].Package with { IsYanked = true };
                sources[source][at] = random.Indexed(yanked) with { Source = source };
            }
        }

        var added = random.Indexed(random.Package()) with { Source = source };
        if (sources.All(list => list.All(p => p.Package.Id != added.Package.Id)))
        {
            sources[source].Add(added);
        }
    }

    static List<IndexedPackage> All(List<IndexedPackage>[] sources) => [.. sources.SelectMany(list => list)];

    static IEnumerable<string> Ids(IEnumerable<IndexedPackage> packages) => packages.Select(p => p.Package.Id.ToString()).Order();

    static IndexHead Head(params string[] sources) => new()
    {
        Sources = [.. sources.Select(name => new IndexSource(name, 1, Expires))],
    };

    static RepositoryIndex Built(IEnumerable<IndexedPackage> packages, IndexHead head) => RepositoryIndex.Open(Bytes(packages, head));

    static byte[] Bytes(IEnumerable<IndexedPackage> packages, IndexHead head)
    {
        var builder = new IndexBuilder();
        packages.ToList().ForEach(builder.Add);
        using var stream = new MemoryStream();
        builder.Write(stream, head);
        return stream.ToArray();
    }
}

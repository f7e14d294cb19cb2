using Pm.Blobs;
using Pm.Packages.Far;
using Xunit;

namespace Pm.Packages.Tests.Documents;

public class PackageTests
{
    const string Yaml = "name: foo\nversion: 1.0.0\ndescription: Foo\ndeps: [baz, bar@0.9.2]\nrequires:\n  qux: ^1.2\nconfig: [share/foo.conf, share/conf/]\n";

    [Fact]
    public void A_package_of_plain_files_has_the_bytes_that_Fuchsias_tool_gives_it()
    {
        var package = Sample.Builder("my-pkg@0").AddFile("lib/mylib.so", MerkleRoot.Of("mylib.so contents"u8)).Build();

        var expected = FarWriter.ToBytes(new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["meta/contents"] = "lib/mylib.so=4a886105646222c10428e5793868b13f536752d4b87e6497cdf9caed37e67410\n"u8.ToArray(),
            ["meta/package"] = "{\"name\":\"my-pkg\",\"version\":\"0\"}\n"u8.ToArray(),
        });
        Assert.Equal(expected, package.MetaFar.ToArray());
        Assert.Equal(MerkleRoot.Of(expected), package.Hash);
    }

    [Fact]
    public void What_was_added_is_what_is_opened_in_any_order()
    {
        PackageEntry[] entries =
        [
            new("bin/foo", EntryKind.File, 0b111_101_101, Sample.Root),
            new("bin/sh", EntryKind.Symlink, PackageEntry.SymlinkMode, Target: "foo"),
            new("lib/node_modules/a=b/ index", EntryKind.File, PackageEntry.FileMode, Sample.Root),
            new("meta/about", EntryKind.File, PackageEntry.FileMode, Sample.Root, Group: "adm"),
            new("share/a", EntryKind.File, PackageEntry.FileMode, Sample.Root, Capabilities: "0100000200200000000000000000000000000000"),
            new("var/empty", EntryKind.Directory, PackageEntry.DirectoryMode),
            new("var/full", EntryKind.Directory, 0b111_000_000, Owner: "foo"),
            new("var/full/x", EntryKind.File, PackageEntry.FileMode, Sample.Root),
        ];
        var random = new Random(1);
        for (var round = 0; round < 20; round++)
        {
            var builder = Sample.Builder();
            foreach (var entry in entries.OrderBy(_ => random.Next()))
            {
                builder.Add(entry);
            }

            var package = Package.Open(builder.Build().MetaFar);

            Assert.Equal(entries, package.Entries);
            Assert.Equal(Built(entries).Hash, package.Hash);
        }
    }

    [Fact]
    public void A_directory_that_goes_without_saying_changes_nothing()
    {
        var with = Sample.Builder().AddDirectory("a").AddDirectory("a/b").AddDirectory("a/b").AddFile("a/b/c", Sample.Root).Build();
        var without = Sample.Builder().AddFile("a/b/c", Sample.Root).Build();

        Assert.Equal(without.Hash, with.Hash);
        Assert.False(with.MetaFiles.ContainsKey("meta/modes"));
    }

    [Fact]
    public void Umask_and_read_only_trees_change_nothing()
    {
        var one = Sample.Builder().AddFile("a", Sample.Root, Octal("0444")).AddFile("b", Sample.Root, Octal("0775")).Build();
        var two = Sample.Builder().AddFile("a", Sample.Root, Octal("0664")).AddFile("b", Sample.Root, Octal("0555")).Build();

        Assert.Equal(one.Hash, two.Hash);
    }

    [Theory]
    [InlineData("0644", "0644")]
    [InlineData("0444", "0644")]
    [InlineData("0664", "0644")]
    [InlineData("0666", "0644")]
    [InlineData("0755", "0755")]
    [InlineData("0555", "0755")]
    [InlineData("0775", "0755")]
    [InlineData("0544", "0755")]
    [InlineData("0600", "0600")]
    [InlineData("0400", "0600")]
    [InlineData("0500", "0700")]
    [InlineData("0640", "0640")]
    [InlineData("0660", "0640")]
    [InlineData("0440", "0640")]
    [InlineData("0000", "0600")]
    [InlineData("4755", "0755")]
    [InlineData("1644", "0644")]
    public void Modes_of_files_are_normalised_and_secrets_stay_secret(string found, string kept) =>
        Assert.Equal(Octal(kept), ModeRule.OfFile(Octal(found)));

    [Theory]
    [InlineData("0755", "0755")]
    [InlineData("0555", "0755")]
    [InlineData("0775", "0755")]
    [InlineData("0700", "0700")]
    [InlineData("0500", "0700")]
    [InlineData("1777", "1777")]
    [InlineData("2775", "0755")]
    public void Modes_of_directories_are_normalised(string found, string kept) =>
        Assert.Equal(Octal(kept), ModeRule.OfDirectory(Octal(found)));

    [Fact]
    public void Normalising_is_done_once()
    {
        for (var mode = 0; mode < 4096; mode++)
        {
            foreach (var keeps in new[] { false, true })
            {
                Assert.Equal(ModeRule.OfFile(mode, keeps), ModeRule.OfFile(ModeRule.OfFile(mode, keeps), keeps));
                Assert.Equal(ModeRule.OfDirectory(mode, keeps), ModeRule.OfDirectory(ModeRule.OfDirectory(mode, keeps), keeps));
            }

            Assert.Equal(0, ModeRule.OfFile(mode) & ~mode & 0b000_000_100);
            Assert.Equal(0, ModeRule.OfFile(mode) & 0b110_000_000_000);
        }
    }

    [Fact]
    public void Set_id_is_kept_only_when_asked()
    {
        var dropped = Sample.Builder().AddFile("su", Sample.Root, Octal("4755")).Build();
        var kept = new PackageBuilder(PackageId.Parse("foo@1.0.0")) { KeepsSetId = true }.AddFile("su", Sample.Root, Octal("4755")).Build();

        Assert.False(dropped.Entries[0].IsSetId);
        Assert.True(kept.Entries[0].IsSetId);
        Assert.Equal(Octal("4755"), kept.Entries[0].Mode);
    }

    [Fact]
    public void The_description_hooks_and_unknown_files_are_there()
    {
        var package = Sample.Builder()
            .AddMeta("meta/meta.yaml", Sample.Bytes(Yaml))
            .AddMeta("meta/bin/pre-ugrade", "#!/bin/sh\n"u8.ToArray())
            .AddMeta("meta/sbom.cdx.json", "{}"u8.ToArray())
            .Build();

        Assert.Equal("Foo", package.Description!.Description);
        Assert.Equal("#!/bin/sh\n", Sample.Text(package.Hook(HookMoment.PreUpgrade)!.Value.Span));
        Assert.Null(package.Hook(HookMoment.PreInstall));
        Assert.Equal("{}", Sample.Text(package.MetaFiles["meta/sbom.cdx.json"].Span));
        Assert.True(package.IsConfiguration("etc/foo"));
        Assert.True(package.IsConfiguration("share/foo.conf"));
        Assert.True(package.IsConfiguration("share/conf/a/b"));
        Assert.False(package.IsConfiguration("share/foo.conf2"));
        Assert.False(package.IsConfiguration("etcetera"));
    }

    [Fact]
    public void The_content_hash_ignores_name_and_version_and_nothing_that_is_installed()
    {
        static PackageBuilder Make(string id, string deps = "[baz]", string hook = "true", int mode = PackageEntry.FileMode) => new PackageBuilder(PackageId.Parse(id))
            .AddMeta("meta/meta.yaml", Sample.Bytes($"name: {id.Split('@')[0]}\nversion: {id.Split('@')[1]}\ndescription: {id}\ndeps: {deps}\n"))
            .AddMeta("meta/bin/pre-install", Sample.Bytes(hook))
            .AddFile("a", Sample.Root, mode);
        var same = Make("foo@1.0.0").Build();
        var other = Make("bar@2.0.0").Build();

        Assert.NotEqual(same.Hash, other.Hash);
        Assert.Equal(same.ContentHash, other.ContentHash);
        Assert.NotEqual(same.ContentHash, Make("foo@1.0.0", deps: "[baz@1]").Build().ContentHash);
        Assert.NotEqual(same.ContentHash, Make("foo@1.0.0", hook: "false").Build().ContentHash);
        Assert.NotEqual(same.ContentHash, Make("foo@1.0.0", mode: 0b111_101_101).Build().ContentHash);
        Assert.NotEqual(same.ContentHash, Make("foo@1.0.0").AddFile("b", Sample.Root).Build().ContentHash);
    }

    [Fact]
    public void The_content_hash_stays_as_it_is_documented()
    {
        var package = Sample.Builder().AddMeta("meta/meta.yaml", Sample.Bytes(Yaml)).AddFile("a", Sample.Root, Octal("0755")).Build();
        var documented = FarWriter.ToBytes(new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["meta/contents"] = Sample.Bytes($"a={Sample.Root}\n"),
            ["meta/modes"] = Sample.Bytes("a\tf\t0755\n"),
            ["meta/dependencies"] = Sample.Bytes("bar@0.9.2\nbaz\nqux ^1.2\n"),
        });

        Assert.Equal(MerkleRoot.Of(documented), package.ContentHash);
    }

    [Fact]
    public void Another_package_than_expected_is_refused()
    {
        var package = Sample.Builder().Build();

        Assert.Equal(package.Id, Package.Open(package.MetaFar, package.Hash).Id);
        Assert.Equal("PM2009", Assert.Throws<PackageFormatException>(() => Package.Open(package.MetaFar, Sample.Root)).Code);
    }

    [Theory]
    [InlineData("meta/package", null)]
    [InlineData("meta/contents", null)]
    [InlineData("other", "x")]
    [InlineData("meta/modes", "b\tf\t0755\n")]
    [InlineData("meta/modes", "a\tl\tb\n")]
    [InlineData("meta/modes", "a/b\tl\tb\n")]
    [InlineData("meta/modes", "d\td\t0755\nd/e\tl\tx\n")]
    [InlineData("meta/modes", "b\tl\tx\nb/c\td\t0755\n")]
    [InlineData("meta/meta.yaml", "name: foo\nversion: 2\ndescription: x\n")]
    [InlineData("meta/bin/pre-ugrade", "x")]
    public void Documents_that_contradict_each_other_are_refused(string name, string? content)
    {
        var files = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["meta/package"] = PackageIdentity.ToBytes(PackageId.Parse("foo@1")),
            ["meta/contents"] = Sample.Bytes($"a={Sample.Root}\n"),
            ["meta/bin/pre-upgrade"] = default,
        };
        _ = content is null ? files.Remove(name) : files.TryAdd(name, Sample.Bytes(content));

        Assert.Equal("PM2008", Assert.Throws<PackageFormatException>(() => Package.Open(FarWriter.ToBytes(files))).Code);
    }

    [Fact]
    public void A_meta_file_that_is_given_wins_when_it_says_the_same()
    {
        var rust = "{\"name\":\"foo\",\"version\":\"1.0.0\"}"u8.ToArray();
        var package = Sample.Builder()
            .AddMeta("meta/package", rust)
            .AddMeta("meta/modes", "a\tf\t4755\n"u8.ToArray())
            .AddFile("a", Sample.Root)
            .Build();

        Assert.Equal(rust, package.MetaFiles["meta/package"].ToArray());
        Assert.Equal(Octal("4755"), package.Entries[0].Mode);
    }

    [Fact]
    public void A_meta_file_that_says_something_else_is_refused()
    {
        PackageBuilder[] builders =
        [
            Sample.Builder().AddMeta("meta/package", PackageIdentity.ToBytes(PackageId.Parse("bar@1.0.0"))),
            Sample.Builder().AddMeta("meta/contents", Sample.Bytes($"b={Sample.Root}\n")),
            Sample.Builder().AddMeta("meta/contents", default).AddFile("a", Sample.Root),
            Sample.Builder().AddMeta("meta/contents", Sample.Bytes($"a={default(MerkleRoot)}\n")).AddFile("a", Sample.Root),
            Sample.Builder().AddMeta("meta/modes", "a\tl\tb\n"u8.ToArray()).AddSymlink("a", "c"),
            Sample.Builder().AddMeta("meta/modes", "a\tl\tb\n"u8.ToArray()),
        ];

        Assert.All(builders, b => Assert.Equal("PM2008", Assert.Throws<PackageFormatException>(b.Build).Code));
    }

    [Fact]
    public void A_tree_that_cannot_be_is_refused()
    {
        Assert.Throws<PackageFormatException>(() => Sample.Builder().AddFile("a", Sample.Root).AddFile("a", Sample.Root));
        Assert.Throws<PackageFormatException>(() => Sample.Builder().AddFile("a", Sample.Root).AddFile("a/b", Sample.Root).Build());
        Assert.Throws<PackageFormatException>(() => Sample.Builder().AddSymlink("a", "x").AddDirectory("a/b/c").Build());
        Assert.Throws<PackageFormatException>(() => Sample.Builder().AddSymlink("a", "").Build());
        Assert.Throws<PackageFormatException>(() => Sample.Builder().AddMeta("package", default));
        Assert.Equal("PM2004", Assert.Throws<PackageFormatException>(() => Sample.Builder().AddFile("a\tb", Sample.Root)).Code);
    }

    [Fact]
    public void A_package_of_many_and_of_deep_paths_opens()
    {
        var builder = Sample.Builder();
        for (var i = 0; i < 2000; i++)
        {
            builder.AddFile($"{string.Concat(Enumerable.Repeat("d/", i))}f", Sample.Root);
        }

        Assert.Equal(2000, Package.Open(builder.Build().MetaFar).Entries.Count);
    }

    [Theory]
    [InlineData("""{"name":"foo","version":"1"}""")]
    [InlineData(" {\"version\":\"1\",\"x\":[1,{}],\"name\":\"foo\"}\r\n\n")]
    public void The_identity_is_read_as_others_write_it(string json) =>
        Assert.Equal("foo@1", PackageIdentity.Parse(Sample.Bytes(json)).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"name":"foo"}""")]
    [InlineData("""{"name":"foo","version":1}""")]
    [InlineData("""{"name":"foo","version":"1","name":"bar"}""")]
    [InlineData("""{"name":"foo","version":"1"}{}""")]
    [InlineData("""{"name":"foo","version":"1","x":[[[[[[]]]]]]}""")]
    [InlineData("""{"name":"a/b","version":"1"}""")]
    [InlineData("""{"name":"foo","version":"1/2"}""")]
    [InlineData("""{"name":"\ud800","version":"1"}""")]
    [InlineData("""{"name":"foo","version":"1" """)]
    public void Another_identity_is_refused(string json) =>
        Assert.Equal("meta/package", Assert.Throws<PackageFormatException>(() => PackageIdentity.Parse(Sample.Bytes(json))).Where);

    [Fact]
    public void An_owner_is_written_with_two_dashes() =>
        Assert.Equal("{\"name\":\"acme--foo\",\"version\":\"1.0.0\"}\n", Sample.Text(PackageIdentity.ToBytes(PackageId.Parse("acme/foo@1.0.0"))));

    [Fact]
    public void Blobs_in_memory_are_kept_when_committed()
    {
        var blobs = new MemoryBlobs();
        using (var writer = blobs.Create(executable: false))
        {
            writer.Append("mylib.so "u8);
            writer.Append("contents"u8);
            writer.Commit();
        }

        blobs.Create(executable: true).Dispose();

        Assert.Equal("4a886105646222c10428e5793868b13f536752d4b87e6497cdf9caed37e67410", Assert.Single(blobs.Roots).ToString());
    }

    static Package Built(IEnumerable<PackageEntry> entries) => entries.Aggregate(Sample.Builder(), (b, e) => b.Add(e)).Build();

    static int Octal(string text) => Convert.ToInt32(text, 8);
}

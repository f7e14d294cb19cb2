using System.Text;
using Pm.Archives.Tests.Pkg;
using Pm.Archives.Tests.Tar;
using Pm.Archives.Tests.Zip;
using Pm.Codecs;
using Pm.Packages;
using Pm.Storage.Unpacking;

namespace Pm.Archives.Tests.Unpacking;

/// <summary>Every class of hostile archive. The playground judges from outside after each, whatever was said.</summary>
public sealed class HostileArchiveTests : IDisposable
{
    readonly Playground _ground = new();

    public void Dispose() => _ground.Dispose();

    void Refused(string code, RawTar archive, UnpackOptions? options = null)
    {
        Assert.StartsWith(code, _ground.Refusal(archive.ToBytes(), options), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_ground.Destination), "a refused archive left its destination");
    }

    [Theory]
    [InlineData("/etc/pm-test")]
    [InlineData("//etc/pm-test")]
    [InlineData("../escaped")]
    [InlineData("a/../../escaped")]
    [InlineData("a/..")]
    [InlineData("..")]
    [InlineData("a/b/../../../outside/secret")]
    public void Names_that_leave(string name)
    {
        Refused("PM2212", new RawTar().File("good").File(name, "x"));
        Refused("PM2212", new RawTar().Directory(name));
        Refused("PM2212", new RawTar().Symlink(name, "good"));
        Refused("PM2212", new RawTar().File("good").HardLink(name, "good"));
        Refused("PM2212", new RawTar().Pax(RawHeader.PaxRecord("path", name)).File("good"));
        Refused("PM2212", new RawTar().LongName(name).File("good"));
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("/")]
    [InlineData("../outside/secret")]
    [InlineData("..")]
    [InlineData("a/../../outside")]
    [InlineData("./.././outside")]
    [InlineData("")]
    public void Symbolic_links_that_leave(string target) => Refused("PM2212", new RawTar().Symlink("link", target));

    [Fact]
    public void Writing_through_a_symbolic_link()
    {
        Refused("PM2214", new RawTar().Directory("d").Symlink("link", "d").File("link/file", "x"));
        Refused("PM2214", new RawTar().Symlink("link", "../outside").File("link/secret", "x"));
        Refused("PM2212", new RawTar().File("link/secret", "x").Symlink("later", "../outside"));
        Refused("PM2214", new RawTar().File("link", "x").Directory("link/sub"));
    }

    [Fact]
    public void Chains_of_links_that_are_harmless_alone()
    {
        Refused("PM2212", new RawTar().Directory("d").Symlink("d/up", "..").Symlink("x", "d/up/.."));
        Refused("PM2212", new RawTar().Symlink("a", "b/../..").Symlink("b", "c").Directory("c/d"));
        Refused("PM2212", new RawTar().Symlink("dir/a", "b").Symlink("dir/b", "../../outside"));
        Refused("PM2212", Enumerable.Range(0, 300).Aggregate(
            new RawTar().Symlink("d/l300", "../.."), (tar, i) => tar.Symlink($"d/l{i}", $"l{i + 1}")));
    }

    [Fact]
    public void Links_longer_than_any_path_buffer()
    {
        // CVE-2025-4517: each step doubles what must be resolved, until a checker that uses PATH_MAX gives up.
        var tar = new RawTar();
        var name = new string('d', 200);
        var at = "";
        for (var i = 0; i < 16; i++)
        {
            tar.LongName($"{at}{name}/").Directory("x").LongName($"{at}l").Symlink("x", name);
            at += name + "/";
            if (at.Length > 3500)
            {
                break;
            }
        }

        var up = string.Concat(Enumerable.Repeat("l/", 16)) + string.Concat(Enumerable.Repeat("../", 17)) + "outside";

        Refused("PM2212", tar.LongName("escape").LongLink(up).Symlink("x", "x"));
    }

    [Fact]
    public void Links_that_multiply_end_in_an_answer()
    {
        var tar = new RawTar().Directory("l0");
        for (var i = 1; i <= 60; i++)
        {
            tar.Symlink($"l{i}", $"l{i - 1}/../l{i - 1}");
        }

        var watch = ThreadClock.StartNew();
        Assert.StartsWith("PM2212", _ground.Refusal(tar.ToBytes()), StringComparison.Ordinal);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public void A_link_through_one_that_was_in_the_destination_before()
    {
        Directory.CreateDirectory(_ground.Destination);
        File.CreateSymbolicLink(Path.Combine(_ground.Destination, "here"), ".");
        using var _ = new Undo(() => File.Delete(Path.Combine(_ground.Destination, "here")));

        Assert.StartsWith("PM2212", _ground.Refusal(new RawTar().Symlink("x", "here/..").ToBytes()), StringComparison.Ordinal);
        Assert.StartsWith("PM2214", _ground.Refusal(new RawTar().File("here/file").ToBytes()), StringComparison.Ordinal);
        Assert.Equal(["here SymbolicLink"], _ground.Tree());
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../outside/secret")]
    [InlineData("missing")]
    [InlineData("later")]
    [InlineData("folder")]
    [InlineData("self")]
    public void Hard_links_to_anything_but_a_file_before_them(string target) =>
        Refused("PM2212", new RawTar().Directory("folder").HardLink("self", target).File("later"));

    [Fact]
    public void A_hard_link_to_a_link_is_a_link_and_must_stay_inside_from_its_own_place()
    {
        _ground.Unpack(new RawTar().Directory("a").File("a/f", "x").Symlink("a/l", "f").HardLink("a/m", "a/l").ToBytes());

        Assert.Equal("x", _ground.Text("a/m"));
        Assert.StartsWith("PM2212", _ground.Refusal(
            new RawTar().Symlink("b/c/l", "../x").HardLink("m", "b/c/l").ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_name_twice_is_replaced_and_never_written_through()
    {
        _ground.Unpack(new RawTar().File("a", "old").HardLink("b", "a").Symlink("a", "b").File("a", "new")
            .Symlink("s", "a").File("s", "file").ToBytes());

        Assert.Equal(("new", "old", "file"), (_ground.Text("a"), _ground.Text("b"), _ground.Text("s")));
        Assert.Equal(["a Regular", "b Regular", "s Regular"], _ground.Tree());
    }

    [Fact]
    public void A_directory_never_becomes_something_else()
    {
        Refused("PM2214", new RawTar().Directory("d").Symlink("d", "."));
        Refused("PM2214", new RawTar().File("d/f").File("d", "x"));
        Refused("PM2214", new RawTar().File("d/f").HardLink("d", "d/f"));
        Refused("PM2214", new RawTar().File("f", "x").Directory("f"));
    }

    [Fact]
    public void The_destination_itself_is_neither_link_nor_file_and_keeps_its_mode()
    {
        Refused("PM2214", new RawTar().Symlink(".", "x"));
        Refused("PM2214", new RawTar().File("./", "").File(".", "x"));
        _ground.Unpack(new RawTar().Directory("./", 0x1ff).File("f").ToBytes());

        Assert.Equal(0x1ed, (int)File.GetUnixFileMode(_ground.Destination));
    }

    [Theory]
    [InlineData('3', "a character device")]
    [InlineData('4', "a block device")]
    [InlineData('6', "a FIFO")]
    [InlineData('M', "the continuation of a file in an earlier volume")]
    [InlineData('Q', "of an unknown type, 'Q'")]
    public void Special_entries_are_refused_or_skipped_never_made(char typeFlag, string what)
    {
        var archive = new RawTar().Header(new RawHeader("special", typeFlag)).File("good", "x");

        Refused("PM2213", archive);
        Assert.Contains(what, _ground.Refusal(archive.ToBytes()), StringComparison.Ordinal);
        var report = _ground.Unpack(archive.ToBytes(), new UnpackOptions { SkipsSpecial = true });

        Assert.Equal(["special"], report.Skipped);
        Assert.Equal(["good Regular"], _ground.Tree());
    }

    [Fact]
    public void Set_id_sticky_and_the_write_bits_of_others_are_taken_away()
    {
        _ground.Unpack(new RawTar().File("su", "x", 0xdff).Directory("d", 0xfff).File("d/f", "", 0x1b6).ToBytes());

        Assert.Equal((0x1ed, 0x1ed, 0x1a4), (_ground.Mode("su"), _ground.Mode("d"), _ground.Mode("d/f")));
    }

    [Fact]
    public void Set_id_bits_stay_where_they_are_allowed()
    {
        _ground.Unpack(new RawTar().File("su", "x", 0x9ed).ToBytes(), new UnpackOptions { AllowsSetId = true });

        Assert.Equal(0x9ed, _ground.Mode("su"));
    }

    [Fact]
    public void Directories_without_permissions_can_be_filled_and_removed()
    {
        _ground.Unpack(new RawTar().Directory("d", 0).Directory("d/e", 0x16d).File("d/e/f", "x", 0x124).ToBytes());

        Assert.Equal("x", _ground.Text("d/e/f"));
        Assert.Equal((0x1c0, 0x1ed), (_ground.Mode("d"), _ground.Mode("d/e")));
    }

    [Fact]
    public void Very_deep_paths_end_quickly()
    {
        var watch = ThreadClock.StartNew();
        var deep = string.Concat(Enumerable.Repeat("a/", 200_000));

        Refused("PM2203", new RawTar().LongName(deep).File("x"));
        Refused("PM2203", new RawTar().Pax(RawHeader.PaxRecord("path", deep)).File("x"));
        Refused("PM2203", new RawTar().LongName(string.Concat(Enumerable.Repeat("a/", 1500))).File("x"));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_path_of_a_thousand_levels_is_honest_and_quick()
    {
        var deep = string.Concat(Enumerable.Repeat("a/", 1000)) + "file";
        var watch = ThreadClock.StartNew();

        _ground.Unpack(new RawTar().LongName(deep).File("x", "deep").ToBytes());

        Assert.Equal("deep", _ground.Text(deep));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void Many_deep_paths_end_quickly()
    {
        var top = string.Concat(Enumerable.Repeat("a/", 900));
        var tar = new RawTar();
        for (var i = 0; i < 4000; i++)
        {
            tar.LongName($"{top}{i % 2}/{i}").File("x");
        }

        var watch = ThreadClock.StartNew();
        _ground.Unpack(tar.ToBytes());

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(15), $"took {watch.Elapsed}");
    }

    [Fact]
    public void Count_size_and_name_limits()
    {
        Refused("PM2203", new RawTar().File("a").File("b").File("c"), new UnpackOptions { MaximumEntries = 2 });
        Refused("PM2203", new RawTar().File("a/b/c"), new UnpackOptions { MaximumEntries = 2 });
        Refused("PM2203", new RawTar().File("a", "12345"), new UnpackOptions { MaximumTotalBytes = 4 });
        Refused("PM2203", new RawTar().File("a/b/c/d"), new UnpackOptions { MaximumDepth = 3 });
        Refused("PM2203", new RawTar().LongName(new string('x', 256)).File("x"));
        Refused("PM2203", new RawTar().File("abc").File("def"), new UnpackOptions { Tar = new() { MaximumNames = 5 } });
        Refused("PM2203", new RawTar().File("a/b/c/d/e"), new UnpackOptions { Tar = new() { MaximumNames = 12 } });
    }

    [Fact]
    public void Millions_of_entries_are_counted_before_any_is_made()
    {
        Directory.CreateDirectory(_ground.Destination);
        var entry = new RawHeader("empty").ToBytes();
        var archive = new byte[entry.Length * 400_000];
        for (var at = 0; at < archive.Length; at += entry.Length)
        {
            entry.CopyTo(archive, at);
        }

        Assert.StartsWith("PM2203", _ground.Refusal(archive), StringComparison.Ordinal);
        Assert.StartsWith("PM2203", _ground.Refusal(HandMade.Pack(archive, Compression.Gzip)), StringComparison.Ordinal);
        Assert.Empty(_ground.Tree());
    }

    [Fact]
    public void A_decompression_bomb_stops_at_the_ratio()
    {
        var options = new UnpackOptions { RatioFloor = 1 << 20, MaximumRatio = 100 };
        var bomb = HandMade.Pack(
            new RawTar().Header(new RawHeader("zeros", '0', 64 << 20)).Raw(new byte[64 << 20]).ToBytes(), Compression.Zstandard);

        Assert.StartsWith("PM2203", _ground.Refusal(bomb, options), StringComparison.Ordinal);
        Assert.Equal(64L << 20, _ground.Unpack(bomb).Bytes);
    }

    [Fact]
    public void A_sparse_file_of_a_gigabyte_takes_no_gigabyte()
    {
        _ground.Unpack(new RawTar()
            .Pax(RawHeader.PaxRecord("GNU.sparse.size", "1000000000"), RawHeader.PaxRecord("GNU.sparse.map", "999999998,2"))
            .Header(new RawHeader("sparse", '0', 2)).Body("ab"u8).ToBytes());
        var status = Pm.Linux.FileStatus.Of(Path.Combine(_ground.Destination, "sparse"))!.Value;

        Assert.Equal(1_000_000_000, status.Size);
        Assert.True(status.AllocatedSize < 1 << 20);
    }

    [Fact]
    public void What_was_there_is_not_overwritten_unless_forced_and_is_never_followed()
    {
        Directory.CreateDirectory(Path.Combine(_ground.Destination, "folder"));
        File.WriteAllText(Path.Combine(_ground.Destination, "file"), "mine");
        File.CreateSymbolicLink(Path.Combine(_ground.Destination, "link"), "file");
        var forced = new UnpackOptions { Overwrites = true };

        Assert.StartsWith("PM2214", _ground.Refusal(new RawTar().File("file", "x").ToBytes()), StringComparison.Ordinal);
        Assert.StartsWith("PM2214", _ground.Refusal(new RawTar().File("link", "x").ToBytes()), StringComparison.Ordinal);
        Assert.StartsWith("PM2214", _ground.Refusal(new RawTar().File("folder", "x").ToBytes(), forced), StringComparison.Ordinal);
        Assert.StartsWith("PM2214", _ground.Refusal(new RawTar().Directory("file").ToBytes(), forced), StringComparison.Ordinal);
        Assert.Equal("mine", _ground.Text("file"));
        _ground.Unpack(new RawTar().File("link", "new").File("folder/more").ToBytes(), forced);
        Assert.Equal(("mine", "new"), (_ground.Text("file"), _ground.Text("link")));
        Assert.Equal(["file Regular", "folder Directory", "folder/more Regular", "link Regular"], _ground.Tree());
    }

    [Fact]
    public void An_archive_refused_half_way_leaves_nothing_in_a_new_place_and_no_links_in_an_old_one()
    {
        var archive = new RawTar().File("a", "x").Symlink("l", "a").File("../b", "x");

        Refused("PM2212", archive);
        Directory.CreateDirectory(_ground.Destination);
        Assert.StartsWith("PM2212", _ground.Refusal(archive.ToBytes()), StringComparison.Ordinal);
        Assert.Equal(["a Regular"], _ground.Tree());
    }

    [Fact]
    public void Zip_entries_are_judged_alike()
    {
        Assert.StartsWith("PM2212", _ground.Refusal(new RawZip().Add(RawZip.File("../x", "x")).ToBytes()), StringComparison.Ordinal);
        Assert.StartsWith("PM2212", _ground.Refusal(new RawZip().Add(RawZip.Symlink("l", "/etc")).ToBytes()), StringComparison.Ordinal);
        Assert.StartsWith("PM2214", _ground.Refusal(
            new RawZip().Add(RawZip.Symlink("l", "d")).Add(RawZip.File("l/x", "x")).ToBytes()), StringComparison.Ordinal);
        Assert.StartsWith("PM2212", _ground.Refusal(
            new RawZip().Add(RawZip.File("..\\x", "x") with { Host = 0 }).ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("not an archive")]
    public void What_is_no_archive_is_said_to_be_none(string content)
    {
        Assert.StartsWith("PM2211", _ground.Refusal(Encoding.UTF8.GetBytes(content)), StringComparison.Ordinal);
        Assert.StartsWith("PM2211", _ground.Refusal(
            HandMade.Pack(Encoding.UTF8.GetBytes(content), Compression.Gzip)), StringComparison.Ordinal);
        Assert.StartsWith("PM2211", _ground.Refusal(
            HandMade.Pack(HandMade.Pack(new RawTar().File("x").ToBytes(), Compression.Gzip), Compression.Gzip)), StringComparison.Ordinal);
    }

    [Fact]
    public void Damaged_compression_is_an_error_and_leaves_nothing()
    {
        var random = new byte[20_000];
        new Random(1).NextBytes(random);
        var packed = HandMade.Pack(
            new RawTar().Header(new RawHeader("x", '0', random.Length)).Body(random).ToBytes(), Compression.Gzip);

        Assert.Throws<CodecException>(() => _ground.Unpack(packed[..^2000]));
        Assert.Empty(_ground.Tree());
    }

    [Fact]
    public void No_sequence_of_entries_leaves_the_destination()
    {
        string[] names = ["a", "b", "a/b", "a/b/c", "./a", "a//b", "..", "../x", "a/..", "/a", ".", "b/c", "a/", "a\0b"];
        string[] targets = ["a", "b", "..", "../..", "a/b", "b/..", "../outside", "a/../b", ".", "", "/etc", "b/c/../..", "c"];
        var random = new Random(2024);
        var accepted = 0;
        for (var round = 0; round < 800; round++)
        {
            var tar = new RawTar();
            for (var i = random.Next(1, 7); i > 0; i--)
            {
                var (name, target) = (names[random.Next(names.Length)], targets[random.Next(targets.Length)]);
                _ = random.Next(4) switch
                {
                    0 => tar.File(name, "content", random.Next(0x1000)),
                    1 => tar.Directory(name, random.Next(0x1000)),
                    2 => tar.Symlink(name, target),
                    _ => tar.HardLink(name, target),
                };
            }

            using var ground = new Playground();
            try
            {
                ground.Unpack(tar.ToBytes(), new UnpackOptions { RewritesLinks = random.Next(2) == 0 });
                accepted++;
            }
            catch (PackageFormatException)
            {
                Assert.False(Directory.Exists(ground.Destination));
            }
        }

        Assert.InRange(accepted, 40, 700);
    }

    sealed class Undo(Action action) : IDisposable
    {
        public void Dispose() => action();
    }
}

using System.Diagnostics;
using System.Text;
using Pm.Archives.Tests.Pkg;
using Pm.Archives.Tests.Tar;
using Pm.Archives.Tests.Zip;
using Pm.Codecs;
using Pm.Packages.Far;
using Pm.Storage.Unpacking;

namespace Pm.Archives.Tests.Unpacking;

/// <summary>Odd and valid archives unpack, those of other tools as their own tools would.</summary>
public sealed class BenignArchiveTests : IDisposable
{
    readonly Playground _ground = new();

    public void Dispose() => _ground.Dispose();

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Gzip)]
    [InlineData(Compression.Bzip2)]
    [InlineData(Compression.Xz)]
    [InlineData(Compression.Zstandard)]
    public void Tar_in_every_compression(Compression compression)
    {
        var report = _ground.Unpack(HandMade.Pack(
            new RawTar().Directory("./").File("./d/f", "x", 0x1ed).Symlink("d/l", "../d/f").ToBytes(), compression));

        Assert.Equal(["d Directory", "d/f Regular", "d/l SymbolicLink"], _ground.Tree());
        Assert.Equal(("x", 0x1ed), (_ground.Text("d/l"), _ground.Mode("d/f")));
        Assert.Equal((1, 1, 1, 1L), (report.Files, report.Directories, report.Symlinks, report.Bytes));
    }

    [Fact]
    public void Zip_with_modes_and_links_also_behind_a_program()
    {
        var zip = new RawZip().Prefix("#!/bin/sh\nexit\n").Add(RawZip.File("d/f", "x") with { Attributes = 0x81edu << 16 })
            .Add(RawZip.Symlink("l", "d/f"));

        _ground.Unpack(zip.ToBytes());

        Assert.Equal(("x", 0x1ed), (_ground.Text("l"), _ground.Mode("d/f")));
    }

    [Fact]
    public void Far_gives_its_files()
    {
        _ground.Unpack(FarWriter.ToBytes(new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["a"] = "x"u8.ToArray(),
            ["dir/b"] = Array.Empty<byte>(),
        }));

        Assert.Equal(["a Regular", "dir Directory", "dir/b Regular"], _ground.Tree());
    }

    [Fact]
    public void A_pkg_gives_its_members()
    {
        _ground.Unpack(new HandMade().ToBytes());

        Assert.Equal(["bom.sha256 Regular", "manifest.sha256 Regular", "meta.yaml Regular", "root.tar.bz2 Regular"], _ground.Tree());
    }

    [Fact]
    public void Odd_names_are_kept_to_the_byte()
    {
        byte[] latin = [(byte)'n', 0xe4, (byte)'h'];
        var archive = new RawTar().File(" ").File("a\\..\\b").File("C:evil").File("new\nline").File("...").File("-rf")
            .Header(new RawHeader("").Bytes(0, latin)).ToBytes();

        _ground.Unpack(archive);
        using var folder = Pm.Linux.DirectoryHandle.Open(_ground.Destination);

        Assert.Equal(
            [" ", "-rf", "...", "C:evil", "a\\..\\b", "new\nline", "n\udce4h"],
            folder.Entries().Select(e => e.Name).Order(StringComparer.Ordinal)
                .OrderBy(n => Array.IndexOf([" ", "-rf", "...", "C:evil", "a\\..\\b", "new\nline", "n\udce4h"], n)));
    }

    [Fact]
    public void Links_that_go_up_but_stay_inside_that_dangle_or_turn_in_a_circle_are_kept()
    {
        _ground.Unpack(new RawTar().File("a/f", "x").Symlink("b/c/l", "../../a/f").Symlink("dangling", "a/none/such")
            .Symlink("self", "self").Symlink("x", "y").Symlink("y", "x").Symlink("a/top", "..").ToBytes());

        Assert.Equal("x", _ground.Text("b/c/l"));
        Assert.Equal("x", _ground.Text("a/top/a/f"));
        Assert.Equal("a/none/such", new FileInfo(Path.Combine(_ground.Destination, "dangling")).LinkTarget);
    }

    [Fact]
    public void Absolute_links_are_rewritten_on_request()
    {
        _ground.Unpack(
            new RawTar().File("usr/bin/tool", "x").Symlink("etc/alternatives/tool", "/usr/bin/tool").Symlink("top", "/").ToBytes(),
            new UnpackOptions { RewritesLinks = true });

        Assert.Equal("x", _ground.Text("etc/alternatives/tool"));
        Assert.Equal("x", _ground.Text("top/usr/bin/tool"));
    }

    [Fact]
    public void Times_are_those_of_the_archive()
    {
        _ground.Unpack(new RawTar().Pax(RawHeader.PaxRecord("mtime", "1000000000.5")).File("f")
            .Pax(RawHeader.PaxRecord("mtime", "1000000001")).Directory("d").File("d/x").ToBytes());

        Assert.Equal(
            (1_000_000_000_500, 1_000_000_001_000),
            (new DateTimeOffset(File.GetLastWriteTimeUtc(Path.Combine(_ground.Destination, "f"))).ToUnixTimeMilliseconds(),
                new DateTimeOffset(Directory.GetLastWriteTimeUtc(Path.Combine(_ground.Destination, "d"))).ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void A_missing_end_and_data_after_the_end_are_noted()
    {
        Assert.Contains("end mark", _ground.Unpack(new RawTar().File("a").ToBytes(withEnd: false)).Notes.Single(), StringComparison.Ordinal);
        Directory.Delete(_ground.Destination, true);
        Assert.Contains("after the end", _ground.Unpack(
            [.. new RawTar().File("a").ToBytes(), .. new RawTar().File("b").ToBytes()]).Notes.Single(), StringComparison.Ordinal);
        Assert.Equal(["a Regular"], _ground.Tree());
    }

    [Theory]
    [InlineData("v7")]
    [InlineData("oldgnu")]
    [InlineData("gnu")]
    [InlineData("ustar")]
    [InlineData("posix")]
    public void What_gnu_tar_packs_unpacks_to_the_same_tree(string format)
    {
        var source = Path.Combine(_ground.Top, "outside/folder");
        using var tree = new SampleTree(source, isShort: format is "v7" or "ustar");
        var archive = Path.Combine(Path.GetTempPath(), $"pm-{Guid.NewGuid():n}.tar");
        try
        {
            string[] sparse = format is "v7" or "ustar" ? [] : ["--sparse"];
            Run("tar", ["-C", source, $"--format={format}", .. sparse, "-cf", archive, "."]);

            using var ground = new Playground();
            ground.Unpack(File.ReadAllBytes(archive));

            Run("diff", "-r", "--no-dereference", source, ground.Destination);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Fact]
    public void What_zip_packs_unpacks_to_the_same_tree()
    {
        var source = Path.Combine(_ground.Top, "outside/folder");
        using var tree = new SampleTree(source, isShort: false);
        var archive = Path.Combine(Path.GetTempPath(), $"pm-{Guid.NewGuid():n}.zip");
        try
        {
            Run("/bin/sh", "-c", $"cd '{source}' && zip -qry '{archive}' .");

            using var ground = new Playground();
            ground.Unpack(File.ReadAllBytes(archive));

            Run("diff", "-r", "--no-dereference", source, ground.Destination);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Fact]
    public void Twelve_thousand_entries_take_moments()
    {
        var tar = new RawTar();
        for (var i = 0; i < 12_000; i++)
        {
            tar.File($"d{i % 100}/f{i}", "x");
        }

        var bytes = tar.ToBytes();
        var watch = ThreadClock.StartNew();
        TarText.Read(bytes);
        var reading = watch.Elapsed;
        _ground.Unpack(bytes);

        Assert.True(reading < TimeSpan.FromSeconds(2), $"reading took {reading}");
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"unpacking took {watch.Elapsed}");
    }

    static void Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{program} is not installed");
        }
    }

    sealed class SampleTree : IDisposable
    {
        readonly string _folder;

        public SampleTree(string folder, bool isShort)
        {
            _folder = folder;
            var deep = Path.Combine(folder, "sub", isShort ? "n" : new string('n', 200));
            Directory.CreateDirectory(deep);
            Directory.CreateDirectory(Path.Combine(folder, "empty"));
            File.WriteAllText(Path.Combine(deep, "file"), new string('x', 10_000));
            File.WriteAllText(Path.Combine(folder, "språk"), "å");
            File.WriteAllBytes(Path.Combine(folder, "nothing"), []);
            File.CreateSymbolicLink(Path.Combine(folder, "link"), "sub/../språk");
            using var sparse = File.Create(Path.Combine(folder, "sparse"));
            for (var i = 1; i < 40; i++)
            {
                sparse.Position = i * 70_000;
                sparse.Write(Encoding.UTF8.GetBytes($"piece {i}"));
            }
        }

        public void Dispose()
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(_folder))
            {
                if (File.Exists(entry) || new FileInfo(entry).LinkTarget is not null)
                {
                    File.Delete(entry);
                }
                else
                {
                    Directory.Delete(entry, true);
                }
            }
        }
    }
}

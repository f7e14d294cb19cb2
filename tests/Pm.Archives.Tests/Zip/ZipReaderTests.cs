using System.IO.Compression;
using System.Text;
using Pm.Packages;
using Pm.Packages.Zip;

namespace Pm.Archives.Tests.Zip;

public class ZipReaderTests
{
    static string[] Read(byte[] archive, ZipLimits? limits = null)
    {
        var reader = ZipReader.Open(new MemoryStream(archive), limits ?? ZipLimits.Default, "test.zip");
        return [.. reader.Entries.Select(e => $"{e.Kind} {e.Path} {Convert.ToString(e.Mode, 8)} " + e.Kind switch
        {
            ZipEntryKind.Symlink => "-> " + reader.ReadLinkTarget(e),
            ZipEntryKind.File => $"[{Content(reader, e)}]",
            _ => "",
        })];
    }

    static string Content(ZipReader reader, ZipEntry entry)
    {
        using var content = reader.OpenData(entry);
        return new StreamReader(content).ReadToEnd();
    }

    static string CodeOf(byte[] archive, ZipLimits? limits = null) =>
        Assert.Throws<PackageFormatException>(() => Read(archive, limits)).Code;

    [Fact]
    public void What_the_framework_writes_reads_in_random_trees()
    {
        var random = new Random(3);
        for (var round = 0; round < 50; round++)
        {
            var files = Enumerable.Range(0, random.Next(6))
                .Select(i => ($"d{i % 2}/f{i}", new string((char)('a' + i), random.Next(5000)))).ToArray();
            var target = new MemoryStream();
            using (var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true))
            {
                foreach (var (name, content) in files)
                {
                    using var entry = zip.CreateEntry(name, (CompressionLevel)random.Next(4)).Open();
                    entry.Write(Encoding.UTF8.GetBytes(content));
                }
            }

            Assert.Equal(
                files.Select(f => (f.Item1, f.Item2)),
                Parsed(target.ToArray()));
        }

        static IEnumerable<(string, string)> Parsed(byte[] archive)
        {
            var reader = ZipReader.Open(new MemoryStream(archive), ZipLimits.Default, "test.zip");
            return [.. reader.Entries.Select(e => (e.Path, Content(reader, e)))];
        }
    }

    [Fact]
    public void Unix_modes_and_symbolic_links_come_from_the_attributes()
    {
        var archive = new RawZip()
            .Add(new RawZip.Member("d/", []) { Attributes = 0x41edu << 16 })
            .Add(RawZip.File("d/tool", "x") with { Attributes = 0x89edu << 16 })
            .Add(RawZip.Symlink("link", "d/tool"))
            .Add(RawZip.File("plain", "y") with { Attributes = 0 })
            .Add(RawZip.File("pipe", "") with { Attributes = 0x11a4u << 16 })
            .ToBytes();

        Assert.Equal(
            ["Directory d 755 ", "File d/tool 4755 [x]", "Symlink link 777 -> d/tool", "File plain 644 [y]", "Other pipe 644 "],
            Read(archive));
    }

    [Fact]
    public void Programs_in_front_comments_and_bytes_behind_are_accepted()
    {
        byte[] joined = [.. "#!/bin/sh\n"u8, .. new RawZip().Add(RawZip.File("a", "x")).ToBytes(comment: "hello")];
        var adjusted = new RawZip().Prefix("#!/bin/sh\n").Add(RawZip.File("a", "x")).ToBytes();

        Assert.Equal(["File a 644 [x]"], Read(joined));
        Assert.Equal(["File a 644 [x]"], Read(adjusted));
        Assert.Equal(["File a 644 [x]"], Read([.. adjusted, (byte)'\n']));
    }

    [Fact]
    public void Data_descriptors_and_stored_entries_read()
    {
        var archive = new RawZip()
            .Add(RawZip.File("a", "xyz") with { HasDescriptor = true })
            .Add(RawZip.File("b", "stored") with { Method = 0 })
            .ToBytes();

        Assert.Equal(["File a 644 [xyz]", "File b 644 [stored]"], Read(archive));
    }

    [Fact]
    public void Backslashes_of_windows_tools_separate_only_where_they_must()
    {
        var archive = new RawZip()
            .Add(RawZip.File("dir\\a", "x") with { Host = 0, Attributes = 0 })
            .Add(RawZip.File("dir\\b", "y"))
            .ToBytes();

        Assert.Equal(["File dir/a 644 [x]", "File dir\\b 644 [y]"], Read(archive));
    }

    [Fact]
    public void Encrypted_entries_and_unknown_methods_are_refused_clearly()
    {
        Assert.Equal("PM2204", CodeOf(new RawZip().Add(RawZip.File("a", "x") with { Flags = 1 }).ToBytes()));
        Assert.Equal("PM2204", CodeOf(new RawZip().Add(RawZip.File("a", "x") with { Method = 99 }).ToBytes()));
    }

    [Fact]
    public void A_local_header_that_names_another_file_is_refused() =>
        Assert.Equal("PM2201", CodeOf(new RawZip().Add(RawZip.File("good", "x") with { LocalName = "evil" }).ToBytes()));

    [Fact]
    public void Entries_that_share_their_bytes_are_refused() => Assert.Equal("PM2201", CodeOf(
        new RawZip().Add(RawZip.File("a", "x")).Add(RawZip.File("a", "x") with { Offset = 0 }).ToBytes()));

    [Fact]
    public void Content_longer_or_shorter_than_stated_or_with_another_crc_is_refused()
    {
        Assert.Equal("PM2201", CodeOf(new RawZip().Add(RawZip.File("a", "xyz") with { StatedSize = 2 }).ToBytes()));
        Assert.Equal("PM2201", CodeOf(new RawZip().Add(RawZip.File("a", "xyz") with { StatedSize = 4 }).ToBytes()));
        Assert.Equal("PM2201", CodeOf(new RawZip().Add(RawZip.File("a", "xyz") with { StatedCrc = 1 }).ToBytes()));
    }

    [Fact]
    public void A_directory_that_counts_wrongly_is_refused()
    {
        var zip = new RawZip().Add(RawZip.File("a", "x")).Add(RawZip.File("b", "y"));

        Assert.Equal("PM2201", CodeOf(zip.ToBytes(statedEntries: 1)));
        Assert.Equal("PM2201", CodeOf(zip.ToBytes(statedEntries: 3)));
    }

    [Fact]
    public void Each_limit_is_one()
    {
        var archive = new RawZip().Add(RawZip.File("a", "123")).Add(RawZip.File("b", "456")).ToBytes();

        Assert.Equal("PM2203", CodeOf(archive, new ZipLimits { MaximumEntries = 1 }));
        Assert.Equal("PM2203", CodeOf(archive, new ZipLimits { MaximumEntryBytes = 2 }));
        Assert.Equal("PM2203", CodeOf(archive, new ZipLimits { MaximumTotalBytes = 5 }));
        Assert.Equal("PM2203", CodeOf(archive, new ZipLimits { MaximumDirectoryBytes = 50 }));
        Assert.Equal("PM2203", CodeOf(archive, new ZipLimits { MaximumNameBytes = 0 }));
    }

    [Fact]
    public void A_long_link_target_is_refused() => Assert.Equal(
        "PM2203", CodeOf(new RawZip().Add(RawZip.Symlink("l", new string('x', 5000))).ToBytes()));

    [Fact]
    public void Zip64_numbers_read_and_must_be_there_when_announced()
    {
        byte[] wide = [1, 0, 8, 0, 3, 0, 0, 0, 0, 0, 0, 0];
        var local = RawZip.File("a", "xyz") with { StatedSize = uint.MaxValue, HasDescriptor = true };

        Assert.Equal(["File a 644 [xyz]"], Read(new RawZip().Add(local with { Extra = wide }).ToBytes()));
        Assert.Equal("PM2201", CodeOf(new RawZip().Add(local).ToBytes()));
    }

    [Fact]
    public void No_mutation_gives_anything_but_entries_or_a_format_error()
    {
        var seed = new RawZip().Add(RawZip.File("dir/a", "some content, some content"))
            .Add(RawZip.Symlink("l", "dir/a")).Add(RawZip.File("b", "stored") with { Method = 0, HasDescriptor = true }).ToBytes();
        var random = new Random(11);

        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])seed.Clone();
            for (var i = random.Next(1, 5); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            try
            {
                Read(bytes.AsSpan(0, random.Next(4) == 0 ? random.Next(bytes.Length) : bytes.Length).ToArray(),
                    new ZipLimits { MaximumEntryBytes = 1 << 20 });
            }
            catch (PackageFormatException)
            {
            }
        }
    }
}

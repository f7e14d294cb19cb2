using System.Text;
using Pm.Packages;
using Pm.Packages.Tar;

namespace Pm.Archives.Tests.Tar;

/// <summary>Every dialect reads, however odd, when it is valid.</summary>
public class TarDialectTests
{
    [Fact]
    public void A_v7_header_without_magic_reads_and_a_slash_makes_a_directory()
    {
        var archive = new RawTar()
            .Header(new RawHeader("dir/", '\0').V7())
            .Header(new RawHeader("dir/file", '\0', 2).V7()).Body("hi"u8)
            .ToBytes();

        Assert.Equal(["Directory dir", "File dir/file [hi]"], TarText.Read(archive));
    }

    [Fact]
    public void The_ustar_prefix_stands_before_the_name()
    {
        var archive = new RawTar().Header(new RawHeader("name").Prefix("some/prefix")).ToBytes();

        Assert.Equal(["File some/prefix/name"], TarText.Read(archive));
    }

    [Fact]
    public void The_times_of_star_are_not_taken_for_a_prefix()
    {
        var header = new RawHeader("name").Prefix("pre").Text(476, "12345670123 ").Text(488, "12345670123 ")
            .Text(508, "tar\0");

        Assert.Equal(["File pre/name"], TarText.Read(new RawTar().Header(header).ToBytes()));
    }

    [Fact]
    public void The_gnu_fields_behind_the_header_are_not_taken_for_a_prefix()
    {
        var header = new RawHeader("name").Gnu().Text(345, "14000000000\0");

        Assert.Equal(["File name"], TarText.Read(new RawTar().Header(header).ToBytes()));
    }

    [Fact]
    public void Gnu_long_names_and_links_apply_to_the_next_entry_only_and_the_last_wins()
    {
        var longName = new string('n', 300);
        var archive = new RawTar()
            .LongLink("a/target").LongName("redundant").LongName(longName).Symlink("short", "x")
            .File("next")
            .ToBytes();

        Assert.Equal([$"Symlink {longName} -> a/target", "File next"], TarText.Read(archive));
    }

    [Fact]
    public void A_gnu_long_name_without_its_nul_reads()
    {
        var archive = new RawTar().Extension('L', "unterminated").File("x").ToBytes();

        Assert.Equal(["File unterminated"], TarText.Read(archive));
    }

    [Fact]
    public void Pax_records_win_over_the_header()
    {
        var archive = new RawTar()
            .Pax(RawHeader.PaxRecord("path", "långt/namn"), RawHeader.PaxRecord("size", "3"),
                RawHeader.PaxRecord("mtime", "-1.5"), RawHeader.PaxRecord("comment", "x=y\nz"))
            .Header(new RawHeader("other", '0', 700)).Body("abc"u8)
            .File("next")
            .ToBytes();
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default, "t");

        var entry = reader.Next()!;

        Assert.Equal(("långt/namn", 3L), (entry.Path, entry.Size));
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(-1500), entry.Modified);
        Assert.Equal("next", reader.Next()!.Path);
    }

    [Fact]
    public void Global_pax_records_serve_all_entries_and_local_ones_win()
    {
        var archive = new RawTar()
            .GlobalPax(RawHeader.PaxRecord("uname", "all"), RawHeader.PaxRecord("comment", "0123abcd"))
            .File("one").Pax(RawHeader.PaxRecord("uname", "me")).File("two").File("three")
            .ToBytes();
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default, "t");

        Assert.Equal(["all", "me", "all"], new[] { reader.Next()!, reader.Next()!, reader.Next()! }.Select(e => e.UserName));
    }

    [Fact]
    public void Solaris_extended_headers_read_as_pax()
    {
        var archive = new RawTar().Extension('X', RawHeader.PaxRecord("path", "solaris")).File("x")
            .Extension('A', "acl").File("with-acl").ToBytes();

        Assert.Equal(["File solaris", "File with-acl"], TarText.Read(archive));
    }

    [Fact]
    public void Attributes_come_with_their_bytes()
    {
        var archive = new RawTar().Pax(RawHeader.PaxRecord("SCHILY.xattr.user.a", "v\0v")).File("x").ToBytes();

        var entry = new TarReader(new MemoryStream(archive), TarLimits.Default, "t").Next()!;

        Assert.Equal("v\0v"u8.ToArray(), entry.Attributes["user.a"].ToArray());
    }

    [Fact]
    public void A_label_is_passed_over_and_a_continued_file_is_neither_file_nor_directory()
    {
        var archive = new RawTar().Header(new RawHeader("label", 'V')).Header(new RawHeader("rest", 'M', 3)).Body("abc"u8)
            .File("x").ToBytes();

        Assert.Equal(["Other rest [abc]", "File x"], TarText.Read(archive));
    }

    [Theory]
    [InlineData('5')]
    [InlineData('2')]
    [InlineData('1')]
    [InlineData('6')]
    public void The_size_of_what_has_no_content_is_no_content(char typeFlag)
    {
        var archive = new RawTar().Header(new RawHeader("x", typeFlag, 4096).Link("y")).File("next").ToBytes();

        Assert.Equal("File next", TarText.Read(archive)[1]);
    }

    [Fact]
    public void Base_256_numbers_read()
    {
        var size = new byte[12];
        size[0] = 0x80;
        size[11] = 5;
        var modified = Enumerable.Repeat((byte)0xff, 12).ToArray();
        var archive = new RawTar().Header(new RawHeader("x").Bytes(124, size).Bytes(136, modified)).Body("hello"u8).ToBytes();
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default, "t");

        var entry = reader.Next()!;

        Assert.Equal((5L, -1L), (entry.Size, entry.Modified.ToUnixTimeSeconds()));
    }

    [Fact]
    public void A_checksum_over_signed_bytes_is_right_too()
    {
        var header = new RawHeader("å").ToBytes(sumsSigned: true);

        Assert.Equal(["File å"], TarText.Read([.. header, .. new byte[1024]]));
    }

    [Fact]
    public void Names_that_are_not_utf8_survive()
    {
        byte[] name = [(byte)'a', 0xff, 0xc3, 0xa5, 0xed, 0xb2, 0x80, (byte)'z'];
        var archive = new RawTar().Header(new RawHeader("").Bytes(0, name)).ToBytes();

        var entry = new TarReader(new MemoryStream(archive), TarLimits.Default, "t").Next()!;

        Assert.Equal(name, PathText.Encode(entry.Path));
        Assert.Equal(name.Length, PathText.ByteCount(entry.Path));
        Assert.False(PathText.IsUtf8(entry.Path));
        Assert.Equal("a\\xffå\\xed\\xb2\\x80z", PathText.Show(entry.Path));
    }

    [Fact]
    public void A_missing_end_mark_and_data_after_the_end_are_told()
    {
        var open = new TarReader(new MemoryStream(new RawTar().File("x").ToBytes(withEnd: false)), TarLimits.Default, "t");
        var two = new TarReader(
            new MemoryStream([.. new RawTar().File("x").ToBytes(), .. new RawTar().File("y").ToBytes()]),
            TarLimits.Default, "t");

        Assert.Equal((1, 1), (Count(open), Count(two)));
        Assert.Equal((false, false, true, true), (open.HasEndMark, open.HasTrailingData, two.HasEndMark, two.HasTrailingData));
    }

    static int Count(TarReader reader)
    {
        var count = 0;
        while (reader.Next() is not null)
        {
            count++;
        }

        return count;
    }

    [Fact]
    public void Old_gnu_sparse_files_read_with_their_holes()
    {
        var header = new RawHeader("sparse", 'S', 6).Gnu()
            .Octal(386, 12, 2).Octal(398, 12, 3).Octal(410, 12, 10).Octal(422, 12, 2)
            .Octal(434, 12, 14).Octal(446, 12, 0).Bytes(482, [1]).Octal(483, 12, 16);
        var more = new byte[512];
        Encoding.ASCII.GetBytes("00000000015\0" + "00000000001\0").CopyTo(more, 0);
        var overlapping = new RawTar().Header(header).Raw(more).Body("abcdef"u8).ToBytes();
        Encoding.ASCII.GetBytes("00000000016\0" + "00000000001\0").CopyTo(more, 0);
        var archive = new RawTar().Header(header).Raw(more).Body("abcdef"u8).File("next").ToBytes();

        Assert.Equal(["File sparse [\0\0abc\0\0\0\0\0de\0\0f\0]", "File next"], TarText.Read(archive));
        Assert.Equal("PM2201", Assert.Throws<PackageFormatException>(() => TarText.Read(overlapping)).Code);
    }

    [Theory]
    [InlineData("0.0")]
    [InlineData("0.1")]
    [InlineData("1.0")]
    public void Pax_sparse_files_read_with_their_holes(string form)
    {
        string[] map = form switch
        {
            "0.0" => [("GNU.sparse.size", "9"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.offset", "1"),
                ("GNU.sparse.numbytes", "2"), ("GNU.sparse.offset", "6"), ("GNU.sparse.numbytes", "1")],
            "0.1" => [("GNU.sparse.size", "9"), ("GNU.sparse.numblocks", "2"), ("GNU.sparse.map", "1,2,6,1")],
            _ => new[] { ("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.realsize", "9") },
        } is { } records ? [.. records.Select(r => RawHeader.PaxRecord(r.Item1, r.Item2))] : [];
        var archive = new RawTar().Pax([RawHeader.PaxRecord("GNU.sparse.name", "real"), .. map]);
        archive = form == "1.0"
            ? archive.Header(new RawHeader("GNUSparseFile.0/real", '0', 515)).Body("2\n1\n2\n6\n1\n"u8).Body("abc"u8)
            : archive.Header(new RawHeader("GNUSparseFile.0/real", '0', 3)).Body("abc"u8);

        Assert.Equal(["File real [\0ab\0\0\0c\0\0]", "File next"], TarText.Read(archive.File("next").ToBytes()));
    }

    [Fact]
    public void A_writer_can_pass_over_holes()
    {
        var archive = new RawTar()
            .Pax(RawHeader.PaxRecord("GNU.sparse.size", "1000000000"), RawHeader.PaxRecord("GNU.sparse.map", "500000000,2"))
            .Header(new RawHeader("x", '0', 2)).Body("ab"u8).ToBytes();
        var reader = new TarReader(new MemoryStream(archive), TarLimits.Default, "t");
        reader.Next();
        var buffer = new byte[10];

        Assert.Equal((500_000_000L, 2, 499_999_998L, 0L, 0),
            (reader.Data.SkipHole(), reader.Data.Read(buffer), reader.Data.SkipHole(), reader.Data.SkipHole(),
                reader.Data.Read(buffer)));
    }
}

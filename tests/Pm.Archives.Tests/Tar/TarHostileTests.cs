using System.Text;
using Pm.Packages;
using Pm.Packages.Tar;

namespace Pm.Archives.Tests.Tar;

/// <summary>What a tar archive may not say. Whether a path may be made is the unpacker's question, not the reader's.</summary>
public class TarHostileTests
{
    static string CodeOf(RawTar archive, TarLimits? limits = null, bool withEnd = true) =>
        Assert.Throws<PackageFormatException>(() => TarText.Read(archive.ToBytes(withEnd), limits)).Code;

    [Fact]
    public void A_wrong_checksum_is_refused() =>
        Assert.Equal("PM2201", CodeOf(new RawTar().Header(new RawHeader("x"), checksumError: 1)));

    [Fact]
    public void A_truncated_header_is_refused() =>
        Assert.Equal("PM2202", CodeOf(new RawTar().Raw(new RawHeader("x").ToBytes().AsSpan(0, 300)), withEnd: false));

    [Theory]
    [InlineData(5)]
    [InlineData(5_000_000)]
    public void Truncated_content_is_refused_read_or_skipped(int size)
    {
        var archive = new RawTar().Header(new RawHeader("x", '0', size)).Raw("abc"u8).ToBytes(withEnd: false);
        var skipping = new TarReader(new MemoryStream(archive), TarLimits.Default, "t");
        skipping.Next();

        Assert.Equal("PM2202", Assert.Throws<PackageFormatException>(() => TarText.Read(archive)).Code);
        Assert.Equal("PM2202", Assert.Throws<PackageFormatException>(() => skipping.Next()).Code);
    }

    [Fact]
    public void A_negative_size_is_refused() => Assert.Equal(
        "PM2201", CodeOf(new RawTar().Header(new RawHeader("x").Bytes(124, Enumerable.Repeat((byte)0xff, 12).ToArray()))));

    [Fact]
    public void A_size_beyond_63_bits_is_refused()
    {
        byte[] huge = [0x80, 0, 0, 0, 0x80, 0, 0, 0, 0, 0, 0, 0];
        byte[] wider = [0x80, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];

        Assert.Equal("PM2201", CodeOf(new RawTar().Header(new RawHeader("x").Bytes(124, huge))));
        Assert.Equal("PM2201", CodeOf(new RawTar().Header(new RawHeader("x").Bytes(124, wider))));
    }

    [Theory]
    [InlineData("size", "-1")]
    [InlineData("size", "99999999999999999999")]
    [InlineData("size", "1e3")]
    [InlineData("size", "")]
    [InlineData("path", "a\0b")]
    [InlineData("linkpath", "a\0b")]
    [InlineData("mtime", "soon")]
    [InlineData("uid", "x")]
    public void A_pax_value_that_is_none_is_refused(string keyword, string value) =>
        Assert.Equal("PM2201", CodeOf(new RawTar().Pax(RawHeader.PaxRecord(keyword, value)).File("x")));

    [Fact]
    public void An_empty_pax_path_is_refused() =>
        Assert.Equal("PM2201", CodeOf(new RawTar().Pax(RawHeader.PaxRecord("path", "")).File("x")));

    [Theory]
    [InlineData("path", "x")]
    [InlineData("linkpath", "x")]
    [InlineData("size", "1")]
    [InlineData("GNU.sparse.map", "0,1")]
    public void A_global_header_may_not_rename_or_resize_all(string keyword, string value) =>
        Assert.Equal("PM2201", CodeOf(new RawTar().GlobalPax(RawHeader.PaxRecord(keyword, value)).File("x")));

    [Theory]
    [InlineData("6 a=b\nrest")]
    [InlineData("7 a=bc")]
    [InlineData("99 path=x\n")]
    [InlineData("0 path=x\n")]
    [InlineData("-7 a=b\n")]
    [InlineData("path=x\n")]
    [InlineData("7 =abc\n")]
    [InlineData("8 abcde\n")]
    [InlineData("99999999999999999999 a=b\n")]
    public void A_malformed_pax_record_is_refused(string body) =>
        Assert.Equal("PM2201", CodeOf(new RawTar().Extension('x', body).File("x")));

    [Fact]
    public void A_pax_charset_that_nobody_can_check_is_refused() =>
        Assert.Equal("PM2204", CodeOf(new RawTar().Pax(RawHeader.PaxRecord("hdrcharset", "EBCDIC")).File("x")));

    [Fact]
    public void A_time_beyond_all_calendars_is_clamped()
    {
        var archive = new RawTar().Pax(RawHeader.PaxRecord("mtime", "999999999999999999999.9")).File("x")
            .Pax(RawHeader.PaxRecord("mtime", "-999999999999999999999.9")).File("y").ToBytes();

        Assert.Equal(["File x", "File y"], TarText.Read(archive));
    }

    [Fact]
    public void A_nul_inside_a_long_name_is_refused() =>
        Assert.Equal("PM2201", CodeOf(new RawTar().Extension('L', "safe\0../../evil\0").File("x")));

    [Fact]
    public void An_extension_header_without_its_entry_is_refused() =>
        Assert.Equal("PM2202", CodeOf(new RawTar().LongName("x"), withEnd: false));

    [Theory]
    [InlineData("10,2,0,1")]
    [InlineData("0,2,1,1")]
    [InlineData("0,3,5")]
    [InlineData("0,2,9,1")]
    [InlineData("0,2,,1")]
    [InlineData("9223372036854775807,1,9223372036854775807,2")]
    public void A_sparse_map_that_overlaps_leaves_or_miscounts_is_refused(string map) =>
        Assert.Equal("PM2201", CodeOf(new RawTar()
            .Pax(RawHeader.PaxRecord("GNU.sparse.size", "9"), RawHeader.PaxRecord("GNU.sparse.map", map))
            .Header(new RawHeader("x", '0', 3)).Body("abc"u8)));

    [Fact]
    public void A_sparse_file_larger_than_the_limit_is_refused_before_it_is_filled() =>
        Assert.Equal("PM2203", CodeOf(new RawTar()
            .Pax(RawHeader.PaxRecord("GNU.sparse.size", "8796093022208"), RawHeader.PaxRecord("GNU.sparse.map", "0,1"))
            .Header(new RawHeader("x", '0', 1)).Body("a"u8)));

    [Fact]
    public void A_sparse_file_with_too_many_pieces_is_refused() =>
        Assert.Equal("PM2203", CodeOf(
            new RawTar().Pax(RawHeader.PaxRecord("GNU.sparse.size", "9"), RawHeader.PaxRecord("GNU.sparse.map", "0,1,2,1,4,1"))
                .Header(new RawHeader("x", '0', 3)).Body("abc"u8),
            new TarLimits { MaximumSparseSegments = 2 }));

    [Fact]
    public void A_sparse_map_in_the_data_that_claims_more_than_there_is_is_refused() =>
        Assert.Equal("PM2201", CodeOf(new RawTar()
            .Pax(RawHeader.PaxRecord("GNU.sparse.major", "1"), RawHeader.PaxRecord("GNU.sparse.realsize", "9"))
            .Header(new RawHeader("x", '0', 4)).Body("999\n"u8)));

    [Fact]
    public void Each_limit_is_one()
    {
        var many = new RawTar().File("a", "123").File("b", "456");

        Assert.Equal("PM2203", CodeOf(many, new TarLimits { MaximumEntries = 1 }));
        Assert.Equal("PM2203", CodeOf(many, new TarLimits { MaximumTotalBytes = 5 }));
        Assert.Equal("PM2203", CodeOf(many, new TarLimits { MaximumEntryBytes = 2 }));
        Assert.Equal("PM2203", CodeOf(new RawTar().LongName(new string('x', 5000)).File("x")));
        Assert.Equal("PM2203", CodeOf(new RawTar().Pax(RawHeader.PaxRecord("path", new string('x', 5000))).File("x")));
        Assert.Equal("PM2203", CodeOf(new RawTar().Pax(RawHeader.PaxRecord("comment", new string('x', 2 << 20))).File("x")));
        Assert.Equal("PM2203", CodeOf(
            Enumerable.Range(0, 65).Aggregate(new RawTar(), (tar, _) => tar.LongName("x")).File("x")));
        Assert.Equal(2, TarText.Read(many.ToBytes(), new TarLimits { MaximumEntries = 2, MaximumTotalBytes = 6 }).Length);
    }

    [Fact]
    public void Extension_headers_of_absurd_size_are_refused_before_memory_is_taken() =>
        Assert.Equal("PM2203", CodeOf(new RawTar().Header(new RawHeader("x", 'x', 8L << 30))));

    [Fact]
    public void Data_after_the_end_is_refused_where_the_limits_say_so()
    {
        var strict = new TarLimits { RefusesTrailingData = true };
        byte[] padded = [.. new RawTar().File("x").ToBytes(), .. new byte[9216]];

        Assert.Single(TarText.Read(padded, strict));
        Assert.Equal("PM2201",
            Assert.Throws<PackageFormatException>(() => TarText.Read([.. padded, 1], strict)).Code);
    }

    [Fact]
    public void Endless_zeros_after_the_end_are_refused() =>
        Assert.Equal("PM2203", Assert.Throws<PackageFormatException>(
            () => TarText.Read(new byte[100_000], new TarLimits { MaximumTrailingBytes = 10_000 })).Code);

    [Fact]
    public void No_mutation_of_a_real_archive_gives_anything_but_entries_or_a_format_error()
    {
        var seed = new RawTar().LongName(new string('n', 200)).File("a", "hello").Directory("d/").Symlink("d/l", "../a")
            .Pax(RawHeader.PaxRecord("path", "p"), RawHeader.PaxRecord("GNU.sparse.size", "9"),
                RawHeader.PaxRecord("GNU.sparse.map", "1,2,6,1"))
            .Header(new RawHeader("x", '0', 3)).Body("abc"u8).HardLink("h", "a").ToBytes();
        var random = new Random(20);

        for (var round = 0; round < 20_000; round++)
        {
            var bytes = (byte[])seed.Clone();
            for (var i = random.Next(1, 6); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            FixChecksums(bytes);
            try
            {
                TarText.Read(bytes.AsSpan(0, random.Next(bytes.Length + 1)).ToArray(), new TarLimits { MaximumEntryBytes = 1 << 20 });
            }
            catch (PackageFormatException)
            {
            }
        }
    }

    // Without this nearly every mutation would stop at the checksum.
    static void FixChecksums(byte[] archive)
    {
        for (var at = 0; at + 512 <= archive.Length; at += 512)
        {
            var block = archive.AsSpan(at, 512);
            if (block.Slice(257, 5).SequenceEqual("ustar"u8))
            {
                block.Slice(148, 8).Fill((byte)' ');
                var sum = 0;
                foreach (var b in block)
                {
                    sum += b;
                }

                Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(block[148..]);
            }
        }
    }
}

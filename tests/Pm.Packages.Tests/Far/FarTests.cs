using System.Buffers.Binary;
using Pm.Packages.Far;
using Xunit;

namespace Pm.Packages.Tests.Far;

public class FarTests
{
    static readonly Dictionary<string, ReadOnlyMemory<byte>> Example = new()
    {
        ["dir/c"] = "dir/c\n"u8.ToArray(),
        ["a"] = "a\n"u8.ToArray(),
        ["b"] = "b\n"u8.ToArray(),
    };

    static readonly string[] OddNames = ["a", "é", "\U0001F600", "\uFFFD", "dir/z"];

    public static TheoryData<string> InvalidCases => [.. FarInvalidCases.All.Keys];

    [Fact]
    public void The_published_example_is_written_byte_for_byte() =>
        Assert.Equal(Vectors.Read("fuchsia/far_example.far"), FarWriter.ToBytes(Example));

    [Fact]
    public void The_published_empty_archive_is_written_byte_for_byte() =>
        Assert.Equal(Vectors.Read("fuchsia/far_empty.far"), FarWriter.ToBytes([]));

    [Fact]
    public void The_layout_built_by_hand_is_the_one_written() =>
        Assert.Equal(FarBytes.Example().ToBytes(), FarWriter.ToBytes(Example));

    [Theory]
    [MemberData(nameof(InvalidCases))]
    public void What_breaks_a_rule_is_refused(string name) =>
        Assert.Equal("PM2010", Assert.Throws<PackageFormatException>(() => FarReader.Open(FarInvalidCases.All[name])).Code);

    [Fact]
    public void Every_published_case_is_built() =>
        Assert.Equal(
            Sample.Text(Vectors.Read("fuchsia/far_invalid_case_names.txt")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(),
            FarInvalidCases.All.Keys.Order());

    [Fact]
    public void An_unknown_chunk_is_passed_over()
    {
        var far = FarBytes.Example();
        far.Index = [(1, 0x58, 8), (FarBytes.DirectoryType, 0x60, 0x60), (FarBytes.NamesType, 0xc0, 8)];
        (far.DirectoryAt, far.NamesAt) = (0x60, 0xc0);

        Assert.Equal(["a", "b", "dir/c"], FarReader.Open(far.ToBytes()).Entries.Select(e => e.Name));
    }

    [Fact]
    public void Names_that_share_bytes_do_not_blow_up()
    {
        var far = FarBytes.Example();
        far.NameBytes = "aaaaaaaa"u8.ToArray();
        far.Entries = [.. far.Entries.Select((e, i) => e with { NameOffset = 0, NameLength = (ushort)(i + 3) })];

        Assert.Contains("overlap", Assert.Throws<PackageFormatException>(() => FarReader.Open(far.ToBytes())).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_is_not_UTF8_is_refused()
    {
        var far = FarBytes.Named("ab");
        far.NameBytes = [0xff, 0xfe];

        Assert.Equal("PM2010", Assert.Throws<PackageFormatException>(() => FarReader.Open(far.ToBytes())).Code);
    }

    [Theory]
    [InlineData(0x20, 0xff)]
    [InlineData(0x46, 1)]
    [InlineData(0x58, 1)]
    public void A_damaged_field_is_refused(int at, byte value)
    {
        var bytes = FarBytes.Example().ToBytes();
        bytes[at] = value;

        Assert.Throws<PackageFormatException>(() => FarReader.Open(bytes));
    }

    [Theory]
    [InlineData(0x1c)]
    [InlineData(0x24)]
    [InlineData(0x4c)]
    [InlineData(0x54)]
    [InlineData(8)]
    public void A_number_near_the_end_of_its_range_is_refused(int at)
    {
        foreach (var value in new ulong[] { ulong.MaxValue, ulong.MaxValue - 7, long.MaxValue, 1UL << 63, 0xfffffffffffff000 })
        {
            var bytes = FarBytes.Example().ToBytes();
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);

            Assert.Throws<PackageFormatException>(() => FarReader.Open(bytes));
        }
    }

    [Fact]
    public void Every_prefix_of_an_archive_and_every_suffix_to_it_is_refused()
    {
        var bytes = FarBytes.Example().ToBytes();
        foreach (var length in Enumerable.Range(0, 0x200).Concat([0x1000, 0x1001, 0x3005, 0x3006, 0x3fff]))
        {
            Assert.Throws<PackageFormatException>(() => FarReader.Open(bytes.AsMemory(0, length)));
        }

        Assert.Throws<PackageFormatException>(() => FarReader.Open(new byte[0x4008].Also(bytes)));
        Assert.Throws<PackageFormatException>(() => FarReader.Open(new byte[0x5000].Also(bytes)));
    }

    [Fact]
    public void Arbitrary_files_come_back_in_the_order_of_bytes()
    {
        var random = new Random(42);
        for (var round = 0; round < 200; round++)
        {
            var files = new Dictionary<string, ReadOnlyMemory<byte>>();
            for (var i = random.Next(6); i > 0; i--)
            {
                var content = new byte[random.Next(3) switch { 0 => 0, 1 => 4096, _ => random.Next(9000) }];
                random.NextBytes(content);
                files[OddNames[random.Next(OddNames.Length)] + random.Next(4)] = content;
            }

            var archive = FarWriter.ToBytes(files);
            var reader = FarReader.Open(archive);

            Assert.Equal(files.Keys.Order(Comparer<string>.Create((a, b) => Sample.Bytes(a).AsSpan().SequenceCompareTo(Sample.Bytes(b)))), reader.Entries.Select(e => e.Name));
            Assert.All(reader.Entries, e => Assert.Equal(files[e.Name].ToArray(), reader.Content(e).ToArray()));
            Assert.Equal(0, archive.Length % (files.Count == 0 ? 64 : 4096));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a\0")]
    [InlineData("../a")]
    public void A_name_that_no_reader_takes_is_not_written(string name) =>
        Assert.Throws<PackageFormatException>(() => FarWriter.ToBytes(new Dictionary<string, ReadOnlyMemory<byte>> { [name] = default }));
}

static class ArrayFilling
{
    public static byte[] Also(this byte[] target, byte[] start)
    {
        start.CopyTo(target, 0);
        return target;
    }
}

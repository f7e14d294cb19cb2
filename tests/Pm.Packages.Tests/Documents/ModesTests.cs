using Pm.Blobs;
using Xunit;

namespace Pm.Packages.Tests.Documents;

public class ModesTests
{
    const string Hex = "4a886105646222c10428e5793868b13f536752d4b87e6497cdf9caed37e67410";

    static readonly string[] Folders = ["a", "a b", "é/x", "x=y", " lead", "meta/x", "\U0001F600"];

    static readonly ModeEntry[] Golden =
    [
        new("bin/foo", EntryKind.File, 0b111_101_101),
        new("bin/sh", EntryKind.Symlink, PackageEntry.SymlinkMode, "../bin/foo"),
        new("bin/ping", EntryKind.File, 0b111_101_101, Capabilities: "0100000200200000000000000000000000000000"),
        new("bin/su", EntryKind.File, 0b100_111_101_101),
        new("etc/key=value", EntryKind.File, PackageEntry.FileMode, Root: MerkleRoot.Parse(Hex)),
        new("var/lib/foo", EntryKind.Directory, 0b001_111_111_111, Owner: "foo", Group: "foo"),
        new("var/log/foo", EntryKind.Directory, PackageEntry.DirectoryMode, Group: "adm"),
    ];

    const string GoldenText =
        "bin/foo\tf\t0755\n" +
        "bin/ping\tf\t0755\tcap=0100000200200000000000000000000000000000\n" +
        "bin/sh\tl\t../bin/foo\n" +
        "bin/su\tf\t4755\n" +
        $"etc/key=value\tf\t0644\troot={Hex}\n" +
        "var/lib/foo\td\t1777\towner=foo\tgroup=foo\n" +
        "var/log/foo\td\t0755\tgroup=adm\n";

    [Fact]
    public void Modes_are_written_in_their_one_form() => Assert.Equal(GoldenText, Sample.Text(Modes.Of(Golden).ToBytes()));

    [Fact]
    public void What_was_written_is_read() =>
        Assert.Equal(Golden.OrderBy(e => e.Path, StringComparer.Ordinal), Modes.Parse(Sample.Bytes(GoldenText)).Entries);

    [Theory]
    [InlineData("a\tf\t0755")]
    [InlineData("a\tf\t0644\n")]
    [InlineData("a\tf\t755\n")]
    [InlineData("a\tf\t00755\n")]
    [InlineData("a\tf\t0788\n")]
    [InlineData("a\tf\n")]
    [InlineData("a\tx\t0755\n")]
    [InlineData("a\tf\t0755\t\n")]
    [InlineData("a\tf\t0755\tgroup=a\towner=b\n")]
    [InlineData("a\tf\t0755\towner=a\towner=b\n")]
    [InlineData("a\tf\t0755\towner=root\n")]
    [InlineData("a\tf\t0755\towner=0\n")]
    [InlineData("a\tf\t0755\towner=-a\n")]
    [InlineData("a\tf\t0755\towner=\n")]
    [InlineData("a\tf\t0755\tcolour=red\n")]
    [InlineData("a\tf\t0755\tcap=01\n")]
    [InlineData("a\tf\t0755\tcap=0100000200200000000000000000000000000A00\n")]
    [InlineData("a\td\t0755\tcap=0100000200200000000000000000000000000000\n")]
    [InlineData($"a\tf\t0755\troot={Hex}\n")]
    [InlineData("a=b\tf\t0755\n")]
    [InlineData("a=b\tf\t0755\troot=4A886105646222c10428e5793868b13f536752d4b87e6497cdf9caed37e67410\n")]
    [InlineData("a\tl\t\n")]
    [InlineData("a\tl\tb\u0001\n")]
    [InlineData("b\tf\t0755\na\tf\t0755\n")]
    [InlineData("a\tf\t0755\na\tf\t0700\n")]
    [InlineData("a\tf\t0755\n\n")]
    [InlineData("a\tf\t0755\r\n")]
    [InlineData("../a\tf\t0755\n")]
    [InlineData("/a\tf\t0755\n")]
    public void Any_other_form_is_refused(string text) =>
        Assert.StartsWith("PM200", Assert.Throws<PackageFormatException>(() => Modes.Parse(Sample.Bytes(text))).Code, StringComparison.Ordinal);

    [Fact]
    public void Arbitrary_modes_have_one_text_and_one_meaning()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var entries = Enumerable.Range(0, random.Next(1, 6)).Select(i => Arbitrary(random, i)).ToArray();
            var bytes = Modes.Of(entries.OrderBy(_ => random.Next())).ToBytes();

            var again = Modes.Parse(bytes);

            Assert.Equal(entries.OrderBy(e => e.Path, PathOrder.Bytes), again.Entries);
            Assert.Equal(bytes, again.ToBytes());
        }
    }

    static ModeEntry Arbitrary(Random random, int i)
    {
        var path = Folders[random.Next(Folders.Length)] + "/" + i;
        var owner = random.Next(2) == 0 ? "www-data" : null;
        return random.Next(3) switch
        {
            0 => new(path, EntryKind.File, random.Next(1, 4096) & ~4 | 1, Owner: owner, Root: Contents.CanExpress(path) ? null : Sample.Root),
            1 => new(path, EntryKind.Directory, random.Next(4096), Group: owner),
            _ => new(path, EntryKind.Symlink, PackageEntry.SymlinkMode, "../t = x", owner),
        };
    }
}

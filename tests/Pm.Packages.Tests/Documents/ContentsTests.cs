using Xunit;

namespace Pm.Packages.Tests.Documents;

public class ContentsTests
{
    const string Hex = "4a886105646222c10428e5793868b13f536752d4b87e6497cdf9caed37e67410";

    [Fact]
    public void Contents_are_written_sorted_by_path_bytes()
    {
        var contents = Contents.Of([new("lib/b", Sample.Root), new("a-b", Sample.Root), new("a/b", Sample.Root), new("\U0001F600", Sample.Root), new("\uFFFD", Sample.Root)]);

        Assert.Equal($"a-b={Sample.Root}\na/b={Sample.Root}\nlib/b={Sample.Root}\n\uFFFD={Sample.Root}\n\U0001F600={Sample.Root}\n", Sample.Text(contents.ToBytes()));
    }

    [Theory]
    [InlineData($"lib/mylib.so={Hex}\n")]
    [InlineData($"lib/mylib.so={Hex}")]
    [InlineData($"\r\n  lib/mylib.so = {Hex} \r\n\n")]
    public void What_other_writers_write_is_read(string text)
    {
        var contents = Contents.Parse(Sample.Bytes(text));

        Assert.Equal($"lib/mylib.so={Hex}\n", Sample.Text(contents.ToBytes()));
        Assert.True(contents.TryFind("lib/mylib.so", out var root));
        Assert.Equal(Hex, root.ToString());
        Assert.False(contents.TryFind("lib", out _));
    }

    [Fact]
    public void Upper_case_digits_are_read() =>
        Assert.Equal($"a={Hex}\n", Sample.Text(Contents.Parse(Sample.Bytes($"a={Hex.ToUpperInvariant()}\n")).ToBytes()));

    [Theory]
    [InlineData("a\n", 1)]
    [InlineData("a=\n", 1)]
    [InlineData($"a={Hex}0\n", 1)]
    [InlineData($"a=b={Hex}\n", 1)]
    [InlineData($"={Hex}\n", 1)]
    [InlineData($"b={Hex}\n/a={Hex}\n", 2)]
    [InlineData($"a/../b={Hex}\n", 1)]
    [InlineData($"meta/package={Hex}\n", 1)]
    [InlineData($"a\u0001={Hex}\n", 1)]
    public void A_line_of_another_form_is_refused_with_its_number(string text, int line) =>
        Assert.Equal($"meta/contents:{line}", Assert.Throws<PackageFormatException>(() => Contents.Parse(Sample.Bytes(text))).Where);

    [Fact]
    public void A_path_that_stands_twice_is_refused() =>
        Assert.Contains("twice", Assert.Throws<PackageFormatException>(() => Contents.Parse(Sample.Bytes($"a={Hex}\nb={Hex}\na={Hex}\n"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_refused() =>
        Assert.Equal("PM2006", Assert.Throws<PackageFormatException>(() => Contents.Parse([0xff, (byte)'=', .. Sample.Bytes(Hex)])).Code);

    [Theory]
    [InlineData("a=b")]
    [InlineData(" a")]
    [InlineData("a ")]
    [InlineData("a\u00a0")]
    [InlineData("meta")]
    [InlineData("meta/a")]
    [InlineData("")]
    public void Some_paths_no_line_of_contents_can_say(string path) => Assert.False(Contents.CanExpress(path));

    [Theory]
    [InlineData("a b")]
    [InlineData("metal/a")]
    [InlineData("é\\:*?")]
    public void Odd_paths_are_said_as_they_are(string path)
    {
        var contents = Contents.Parse(Contents.Of([new(path, Sample.Root)]).ToBytes());

        Assert.Equal(path, Assert.Single(contents.Entries).Path);
    }
}

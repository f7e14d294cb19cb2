using Pm.Codecs;
using Xunit;

namespace Pm.Packages.Tests.Documents;

public class ChecksumListTests
{
    const string Hex = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Fact]
    public void The_published_sample_is_read_and_written_byte_for_byte()
    {
        var sample = Vectors.Read("mcquay/manifest.sha256.sample");
        var list = ChecksumList.Parse(sample, "manifest.sha256");

        Assert.Equal(["bin/pre-install", "bom.sha256", "meta.yaml"], list.Entries.Select(e => e.Name));
        Assert.Equal(sample, list.ToBytes());
    }

    [Theory]
    [InlineData($"{Hex}\tbin/a b\n", "bin/a b")]
    [InlineData($"{Hex}  bin/a\n", "bin/a")]
    [InlineData($"{Hex} *bin/a\n", "bin/a")]
    [InlineData($"{Hex}\tbin/a\r\n", "bin/a")]
    [InlineData($"{Hex}\tbin/a", "bin/a")]
    [InlineData($"{Hex}\t*a", "*a")]
    [InlineData($"\\{Hex}  a\\\\b\n", "a\\b")]
    [InlineData($"{Hex}  a\\b\n", "a\\b")]
    public void Both_tools_forms_are_read_and_the_originals_is_written(string text, string name)
    {
        var list = ChecksumList.Parse(Sample.Bytes(text), "bom.sha256");

        Assert.Equal(name, Assert.Single(list.Entries).Name);
        Assert.Equal($"{Hex}\t{name}\n", Sample.Text(list.ToBytes()));
        Assert.True(list.TryFind(name, out var digest));
        Assert.Equal(Sha256Digest.Of([]), digest);
    }

    [Theory]
    [InlineData($"{Hex}\n")]
    [InlineData($"{Hex} a\n")]
    [InlineData($"{Hex}\t\n")]
    [InlineData($"{Hex}\t../a\n")]
    [InlineData($"{Hex}\t/a\n")]
    [InlineData($"{Hex}\ta//b\n")]
    [InlineData($"{Hex}\ta\u001b[2J\n")]
    [InlineData($"\\{Hex}  a\\nb\n")]
    [InlineData($"\\{Hex}  a\\\n")]
    [InlineData($"\\{Hex}  a\\x\n")]
    [InlineData("zz\ta\n")]
    [InlineData($"SHA256 (a) = {Hex}\n")]
    [InlineData($"{Hex}\ta\n{Hex}\ta\n")]
    public void Another_line_is_refused(string text) =>
        Assert.StartsWith("bom.sha256:", Assert.Throws<PackageFormatException>(() => ChecksumList.Parse(Sample.Bytes(text), "bom.sha256")).Where, StringComparison.Ordinal);

    [Fact]
    public void The_order_of_lines_is_kept() =>
        Assert.Equal(["b", "a"], ChecksumList.Parse(ChecksumList.Of([new("b", default), new("a", default)]).ToBytes(), "x").Entries.Select(e => e.Name));
}

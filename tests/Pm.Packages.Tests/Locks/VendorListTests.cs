using System.Text;
using Pm.Blobs;
using Pm.Packages.Locks;
using Xunit;

namespace Pm.Packages.Tests.Locks;

/// <summary>The list that pm vendor keeps of what it wrote.</summary>
public sealed class VendorListTests
{
    static readonly MerkleRoot Hash = MerkleRoot.Of("x"u8);

    [Fact]
    public void What_is_written_is_read_again()
    {
        var list = new VendorList([Source("o/b", "1.0", "abc") with { Unusual = ["160000 0123 ä/b"] }, Package("a", "1.2.3")]);

        var again = VendorList.Parse(list.ToBytes(), "x");

        Assert.Equal(list.ToBytes(), again.ToBytes());
        Assert.Equal(["a-1.2.3.pkg", "o--b-1.0"], again.Items.Select(again.EntryOf));
        Assert.Equal(["160000 0123 ä/b"], again.Items[1].Unusual);
        Assert.Same(again.Items[0], again.Find(PackageId.Parse("a@1.2.3"), Hash));
        Assert.Null(again.Find(PackageId.Parse("a@1.2.3"), null));
    }

    [Fact]
    public void No_two_things_have_one_name()
    {
        var list = new VendorList([Package("a", "1-2"), Package("a-1", "2"), Source("c", "1.pkg", "t"), Package("c", "1")]);

        Assert.Equal(["a@1-2.pkg", "a-1@2.pkg", "c@1.pkg", "c@@1.pkg"], list.Items.Select(list.EntryOf));
    }

    [Theory]
    [InlineData("")]
    [InlineData("format = 2\n")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\n")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nhash = \"1\"\n")]
    [InlineData("format = 1\n[[source]]\nname = \"../a\"\nversion = \"1\"\ntree = \"1\"\n")]
    [InlineData("format = 1\n[[source]]\nname = \"a\"\nversion = \"1\"\ntree = \"1\"\n[[source]]\nname = \"a\"\nversion = \"1\"\ntree = \"2\"\n")]
    [InlineData("format = 1\n<<<<<<< a\n")]
    public void Another_text_is_none(string text) =>
        Assert.Equal("PM2115", Assert.Throws<PackageFormatException>(() => VendorList.Parse(Encoding.UTF8.GetBytes(text), "x")).Code);

    static VendoredItem Package(string name, string version) => new() { Id = PackageId.Parse($"{name}@{version}"), Hash = Hash };

    static VendoredItem Source(string name, string version, string tree) => new() { Id = PackageId.Parse($"{name}@{version}"), Tree = tree };
}

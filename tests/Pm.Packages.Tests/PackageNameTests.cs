using Xunit;

namespace Pm.Packages.Tests;

public class PackageNameTests
{
    [Theory]
    [InlineData("foo", null, "foo", "foo")]
    [InlineData("7zip", null, "7zip", "7zip")]
    [InlineData("libstdc++-6.x_y", null, "libstdc++-6.x_y", "libstdc++-6.x_y")]
    [InlineData("acme/foo", "acme", "foo", "acme--foo")]
    [InlineData("acme-/foo", "acme-", "foo", "acme---foo")]
    public void A_name_is_taken_apart_and_survives_a_file_name(string text, string? owner, string name, string file)
    {
        var parsed = PackageName.Parse(text);

        Assert.Equal((text, owner, name, file), (parsed.Text, parsed.Owner, parsed.Name, parsed.FileText));
        Assert.Equal(parsed, PackageName.FromFileText(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Foo")]
    [InlineData("-foo")]
    [InlineData(".foo")]
    [InlineData("fo--o")]
    [InlineData("a/b/c")]
    [InlineData("/foo")]
    [InlineData("foo/")]
    [InlineData("foo bar")]
    [InlineData("föö")]
    [InlineData("foo\n")]
    [InlineData("..")]
    public void What_is_not_a_name_is_refused_with_the_rule(string text)
    {
        var fault = Assert.Throws<PackageFormatException>(() => PackageName.Parse(text));

        Assert.Equal("PM2001", fault.Code);
        Assert.False(PackageName.TryParse(text, out _));
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void A_hundred_bytes_are_a_name_and_one_more_is_not()
    {
        Assert.True(PackageName.TryParse(new string('a', 100), out _));
        Assert.False(PackageName.TryParse(new string('a', 101), out _));
        Assert.False(PackageName.TryParse(new string('a', 50) + "/" + new string('b', 50), out _));
    }

    [Theory]
    [InlineData("Visual Studio Code", "visual-studio-code")]
    [InlineData("@types/Node", "types/node")]
    [InlineData("  .Net -- (Core) ", "net-core")]
    [InlineData("a -- b", "a-b")]
    public void A_title_from_elsewhere_becomes_a_name(string title, string name) =>
        Assert.Equal(name, PackageName.Import(title).Text);

    [Fact]
    public void A_title_without_a_letter_becomes_no_name() =>
        Assert.Equal("PM2001", Assert.Throws<PackageFormatException>(() => PackageName.Import("— !")).Code);

    [Theory]
    [InlineData("a/b")]
    [InlineData("a----b")]
    [InlineData("--a")]
    public void A_file_name_that_no_name_has_is_refused(string text) =>
        Assert.Throws<PackageFormatException>(() => PackageName.FromFileText(text));
}

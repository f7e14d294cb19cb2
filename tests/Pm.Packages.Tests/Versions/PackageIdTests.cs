using Xunit;

namespace Pm.Packages.Tests.Versions;

public class PackageIdTests
{
    [Fact]
    public void An_identity_is_read_and_written()
    {
        var id = PackageId.Parse("acme/foo@1.2.3-rc.1+x");

        Assert.Equal(("acme/foo@1.2.3-rc.1+x", "acme--foo-1.2.3-rc.1+x"), (id.ToString(), id.FileText));
        Assert.True(PackageId.TryParse("acme/foo@1.2.3-rc.1+x", out var again));
        Assert.Equal(id, again);
    }

    [Theory]
    [InlineData("foo", "PM2001")]
    [InlineData("@1", "PM2001")]
    [InlineData("foo@", "PM2002")]
    [InlineData("foo@1@2", "PM2002")]
    public void What_is_not_an_identity_is_refused(string text, string code)
    {
        Assert.Equal(code, Assert.Throws<PackageFormatException>(() => PackageId.Parse(text)).Code);
        Assert.False(PackageId.TryParse(text, out _));
    }

    [Theory]
    [InlineData("baz", null)]
    [InlineData("bar@0.9.2", "0.9.2")]
    [InlineData("acme/bar@2.10", "2.10")]
    public void A_dependency_is_a_name_or_an_exact_version(string text, string? version)
    {
        var dependency = Dependency.Parse(text);

        Assert.Equal((text, version), (dependency.ToString(), dependency.Exact?.Text));
    }

    [Theory]
    [InlineData("bar@^1.0")]
    [InlineData("bar@>=1.0")]
    [InlineData("bar >= 1.0")]
    [InlineData("bar@*")]
    [InlineData("bar@1.x")]
    [InlineData("bar@~1")]
    public void A_range_is_told_where_ranges_go(string text)
    {
        var fault = Assert.Throws<PackageFormatException>(() => Dependency.Parse(text));

        Assert.Equal("PM2003", fault.Code);
        Assert.Contains("`requires:`", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bar")]
    [InlineData("bar@")]
    [InlineData("bar@1@2")]
    public void Other_text_is_no_dependency(string text) =>
        Assert.DoesNotContain("requires", Assert.Throws<PackageFormatException>(() => Dependency.Parse(text)).Message, StringComparison.Ordinal);
}

using Pm.Packages;
using Xunit;

namespace Pm.Stages.Tests;

public class PackageLinksTests
{
    [Theory]
    [InlineData("bin/sh", "dash", false)]
    [InlineData("bin/sh", "../lib/sh", false)]
    [InlineData("bin/sh", "../../etc/passwd", true)]
    [InlineData("bin/sh", "/etc/passwd", true)]
    [InlineData("a/b/c", "../../..", true)]
    public void A_link_that_leads_outside_is_found(string path, string target, bool leads)
    {
        var builder = new PackageBuilder(PackageId.Parse("tool@1.0"));
        builder.AddSymlink(path, target);

        Assert.Equal(leads ? path : null, PackageLinks.FirstOutside(builder.Build())?.Path);
    }

    [Fact]
    public void Links_that_are_harmless_alone_are_judged_together()
    {
        var builder = new PackageBuilder(PackageId.Parse("tool@1.0"));
        builder.AddSymlink("a/b", ".");
        builder.AddSymlink("c", "a/b/../..");

        Assert.Equal("c", PackageLinks.FirstOutside(builder.Build())?.Path);
    }
}

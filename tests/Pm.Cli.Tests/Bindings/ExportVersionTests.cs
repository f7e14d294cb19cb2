using Pm.Cli.Export;
using Pm.Packages;
using Xunit;

namespace Pm.Cli.Tests.Bindings;

public class ExportVersionTests
{
    [Theory]
    [InlineData("1.2.3", "1.2.3", "1.2.3", "1.2.3")]
    [InlineData("2.10", "2.10.0", "2.10", "2.10")]
    [InlineData("1.0.0-rc.1", "1.0.0-rc.1", "1.0.0rc1", "1.0.0.rc.1")]
    [InlineData("1.0.0-alpha.2", "1.0.0-alpha.2", "1.0.0a2", "1.0.0.alpha.2")]
    [InlineData("1.0.0-x.y", "1.0.0-x.y", null, null)]
    [InlineData("3.0_1", null, null, null)]
    public void A_version_is_said_as_others_write_it_or_not_at_all(string version, string? npm, string? python, string? ruby)
    {
        var parsed = PackageVersion.Parse(version);

        Assert.Equal((npm, python, ruby), (ExportVersion.Npm(parsed), ExportVersion.Python(parsed), ExportVersion.Ruby(parsed)));
    }
}

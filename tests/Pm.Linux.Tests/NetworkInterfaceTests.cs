using Xunit;

namespace Pm.Linux.Tests;

public sealed class NetworkInterfaceTests
{
    [Fact]
    public void The_loopback_has_a_number_and_its_number_a_name()
    {
        var index = Assert.NotNull(NetworkInterface.IndexOf("lo"));

        Assert.Equal("lo", NetworkInterface.NameOf(index));
    }

    [Theory]
    [InlineData("")]
    [InlineData("pm-nowhere")]
    [InlineData("lo\0")]
    [InlineData("../lo")]
    [InlineData("a name that is longer than any may be")]
    public void A_name_that_none_has_has_no_number(string name) => Assert.Null(NetworkInterface.IndexOf(name));

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MaxValue)]
    public void A_number_that_none_has_has_no_name(int index) => Assert.Null(NetworkInterface.NameOf(index));
}

using Xunit;

namespace Pm.Linux.Tests;

public class ProcessCapabilitiesTests
{
    [Theory]
    [InlineData("CapEff:\t000001ffffffffff", "CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH")]
    [InlineData("CapEff:\t000000c000000000", "CAP_BPF, CAP_PERFMON")]
    [InlineData("CapEff:\t0000000000000000", "none")]
    [InlineData("CapEff:\tx", "none")]
    [InlineData("CapPrm:\t000001ffffffffff", "none")]
    public void Those_that_eBPF_asks_for_are_named(string line, string expected) => Assert.Equal(expected, ProcessCapabilities.Parse(["Name:\tx", line]).ToString());
}

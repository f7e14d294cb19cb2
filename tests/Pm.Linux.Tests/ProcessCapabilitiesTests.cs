using System.Globalization;
using Xunit;

namespace Pm.Linux.Tests;

public class ProcessCapabilitiesTests
{
    [Theory]
    [InlineData(0x1ffffffffff, "CAP_BPF, CAP_PERFMON, CAP_NET_ADMIN, CAP_SYS_ADMIN, CAP_DAC_READ_SEARCH")]
    [InlineData(0xc000000000, "CAP_BPF, CAP_PERFMON")]
    [InlineData(1, "none")]
    [InlineData(0, "none")]
    public void Those_that_eBPF_asks_for_are_named(ulong bits, string expected) => Assert.Equal(expected, new ProcessCapabilities(bits).ToString());

    [Fact]
    public void Those_that_count_now_are_the_ones_that_the_kernel_lists()
    {
        const string key = "CapEff:";
        var line = File.ReadAllLines("/proc/thread-self/status").Single(l => l.StartsWith(key, StringComparison.Ordinal));

        Assert.Equal(ulong.Parse(line[key.Length..], NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture), ProcessCapabilities.Current.Bits);
    }
}

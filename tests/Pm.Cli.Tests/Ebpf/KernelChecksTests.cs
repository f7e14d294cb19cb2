using Pm.Cli.Checks;
using Pm.Linux;
using Xunit;

namespace Pm.Cli.Tests.Ebpf;

public sealed class KernelChecksTests
{
    [Theory]
    [InlineData("/sys/kernel/tracing", false, "/sys/kernel/tracing", null)]
    [InlineData(null, true, "mounted, and may not be read: that needs CAP_DAC_READ_SEARCH (have: none)", "`sudo pm doctor --ebpf`")]
    [InlineData(null, false, "not mounted; `pm run` mounts it where it may", "`sudo mount -t tracefs tracefs /sys/kernel/tracing`")]
    public void Tracefs_that_may_not_be_read_is_not_said_to_be_missing(string? path, bool isHidden, string detail, string? hint)
    {
        var finding = KernelChecks.Tracefs(path, isHidden, default(ProcessCapabilities));

        Assert.Equal((path is null ? CheckState.Warning : CheckState.Good, detail, hint), (finding.State, finding.Detail, finding.Hint));
    }
}

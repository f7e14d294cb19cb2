using Xunit;

namespace Pm.Cli.Tests.Ebpf;

/// <summary>In a view of the file systems that ends with pm, as <c>ip netns exec</c> makes it, what holds programs ends as well.</summary>
public sealed class OtherViewTests : IDisposable
{
    static readonly string[] Apart = ["unshare", "-m", "sh", "-c", "umount -l /sys && mount -t sysfs sysfs /sys && exec \"$@\"", "sh"];

    readonly ObjectPlace _place = new();

    public OtherViewTests() => ObjectProcess.RequireKernel();

    public void Dispose() => _place.Dispose();

    [Fact]
    public void None_is_said_to_run_on()
    {
        using var pm = new ObjectProcess(Apart, ["run", "-d", ObjectPlace.Object("opens")], _place.Variables);

        Assert.False(pm.IsAttached());
        Assert.Contains("error[PM8057]: what would hold its programs at their hooks ends with this view of the file systems\nhint: `nsenter --net=", pm.Said, StringComparison.Ordinal);
    }
}

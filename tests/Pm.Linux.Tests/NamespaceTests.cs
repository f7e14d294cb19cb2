using Xunit;

namespace Pm.Linux.Tests;

public class NamespaceTests
{
    [Theory]
    [InlineData("30 24 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate", "/sys/fs/cgroup")]
    [InlineData("30 24 0:26 / /sys/fs/cgroup rw - tmpfs tmpfs rw\n31 30 0:27 / /sys/fs/cgroup/unified rw - cgroup2 none rw\n32 30 0:27 / /other rw - cgroup2 none rw", "/sys/fs/cgroup/unified")]
    [InlineData("30 24 0:26 / /with\\040blank rw - cgroup2 none rw\n32 30 0:27 / /other rw - cgroup2 none rw", "/other")]
    [InlineData("30 24 0:26 / /sys/fs/cgroup rw - cgroup cgroup rw", null)]
    [InlineData("short - cgroup2 ", null)]
    [InlineData("", null)]
    public void Control_groups_are_where_the_new_ones_are_mounted(string mounts, string? expected) => Assert.Equal(expected, ControlGroups.Of(mounts.Split('\n')));

    /// <summary>As another process of this machine sees it: the first that runs is among the machine's users, wherever this one is.</summary>
    [Fact]
    public void Users_are_those_of_the_machine_or_not()
    {
        Assert.SkipUnless(ChildProcess.Run(new ChildOptions { FileName = "/usr/bin/unshare", Arguments = ["-Ur", "/bin/true"] }).IsSuccess, "user namespaces cannot be made here");

        Assert.True(ChildProcess.Run(new ChildOptions { FileName = "/usr/bin/unshare", Arguments = ["-Ur", "/bin/sh", "-c", "test \"$(readlink /proc/self/ns/user)\" != 'user:[4026531837]'"] }).IsSuccess);
        Assert.Equal(new FileInfo("/proc/self/ns/user").LinkTarget == "user:[4026531837]", UserNamespace.IsFirst);
    }
}

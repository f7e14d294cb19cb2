using Xunit;

namespace Pm.Linux.Tests;

[Collection(nameof(Alone))]
public class DescriptorLeakTests
{
    [Fact]
    public void Nothing_stays_open_whether_calls_succeed_or_fail()
    {
        using var here = new TestDirectory();
        here.Write("file", "");
        here.Handle.Symlink("file", "link");
        DoEverything(here);
        var before = SystemLimits.UsedDescriptors;

        for (var i = 0; i < 20; i++)
        {
            DoEverything(here);
        }

        Assert.Equal(before, SystemLimits.UsedDescriptors);
    }

    static void DoEverything(TestDirectory here)
    {
        DurableFile.Replace(here["state"], "x"u8);
        using (FileLock.TryExclusive(here["lock"], "x"))
        {
            Assert.Null(FileLock.TryShared(here["lock"], "y"));
            _ = FileLock.ReadHolder(here["lock"]);
        }
        _ = here.Handle.Entries().First();
        _ = here.Handle.Entries().Count();
        here.Handle.OpenOrMakeBeneath("a/b/c/d", Octal.Mode("755")).Dispose();
        here.Handle.TryStepBeneath("a/b/c/d")!.Dispose();
        Assert.Null(here.Handle.TryStepBeneath("a/none/c"));
        here.Handle.RemoveTree("a");
        Assert.Throws<SystemCallException>(() => here.Handle.OpenRead("link"));
        Assert.Throws<SystemCallException>(() => here.Handle.TryStepBeneath("link"));
        using (var root = DirectoryHandle.Open("/"))
        {
            Assert.Throws<SystemCallException>(() => root.OpenRead("etc"));
        }
        Assert.True(Puppet.Shell("cat; echo x >&2").IsSuccess);
        Assert.Throws<SystemCallException>(() => ChildProcess.Run(new ChildOptions { FileName = "/none", Input = new byte[9] }));
        Assert.True(SystemLimits.OpenFiles > SystemLimits.UsedDescriptors);
    }
}

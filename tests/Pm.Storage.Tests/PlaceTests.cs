using Pm.Linux;
using Xunit;

namespace Pm.Storage.Tests;

/// <summary>Where a hard link cannot serve, and where nothing can be written at all.</summary>
public sealed class PlaceTests
{
    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void A_root_on_another_file_system_gets_copies(RootKind kind)
    {
        var (a, b) = (World.Fast, Path.GetTempPath());
        if (FileStatus.Of(a)!.Value.Device == FileStatus.Of(b)!.Value.Device)
        {
            Assert.Skip($"{a} and {b} are on one file system");
        }
        using var world = new World(kind, home: a, rootHome: b);

        Everything(world);

        Assert.Equal(1u, FileStatus.Of(Path.Join(world.Root.ContentPath, "bin/foo"))!.Value.Links);
    }

    [Theory]
    [InlineData("exdev")]
    [InlineData("eperm")]
    [InlineData("emlink")]
    public void Without_hard_links_there_are_copies(string error)
    {
        using var world = new World();
        WriteDoor.Fault = new WriteFault
        {
            Kind = WriteFaultKind.Fail,
            At = 1,
            IsSticky = true,
            Errno = error switch { "exdev" => Errno.EXDEV, "eperm" => Errno.EPERM, _ => Errno.EMLINK },
            Call = "link",
        };
        try
        {
            Everything(world);
        }
        finally
        {
            WriteDoor.Fault = null;
        }

        Assert.Equal(1u, FileStatus.Of(Path.Join(world.RootPath, "bin/foo"))!.Value.Links);
    }

    [Fact]
    public void Where_two_names_cannot_be_exchanged_three_renames_do()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("a", "1"), ("etc/b", "1")));
        WriteDoor.Fault = new WriteFault { Kind = WriteFaultKind.Fail, At = 1, IsSticky = true, Errno = Errno.EINVAL, Call = "exchange" };
        try
        {
            world.Install(world.Save("foo", "2", ("a", "2"), ("etc/b", "2")));
        }
        finally
        {
            WriteDoor.Fault = null;
        }

        Assert.Equal("2", world.Read("a"));
        Assert.Equal("2", world.Read("etc/b"));
    }

    [Fact]
    public void A_full_disk_changes_nothing_and_says_so()
    {
        if (!SystemUser.IsRoot)
        {
            Assert.Skip("mounting a small file system takes root");
        }
        var mount = Directory.CreateDirectory(Path.Join(Path.GetTempPath(), $"pm-full-{Environment.ProcessId}")).FullName;
        if (!Run("mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", mount))
        {
            Directory.Delete(mount);
            Assert.Skip("a tmpfs cannot be mounted here");
        }
        try
        {
            using var world = new World(home: World.Fast, rootHome: mount);
            world.Install(world.Save("foo", "1", ("a", "1"), ("etc/b", "1")));
            var before = world.Tree();
            var big = world.Save("foo", "2", ("a", "2"), ("etc/b", "2"), ("big", new string('x', 4_000_000)));

            var e = Assert.Throws<RolledBackException>(() => world.Install(big));

            Assert.Equal(Errno.ENOSPC, Assert.IsType<SystemCallException>(e.InnerException).Errno);
            Assert.Contains("No space left", e.Message, StringComparison.Ordinal);
            SnapshotAssert.Equal(before, world.Tree(), "full");
            Assert.False(world.Root.NeedsRecovery);
        }
        finally
        {
            Assert.True(Run("umount", mount));
            Directory.Delete(mount);
        }
    }

    [Fact]
    public void A_read_only_root_is_named_and_can_be_read()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("a", "1")));
        var two = world.Save("foo", "2", ("a", "2"));
        WriteDoor.Fault = WriteFault.Parse("erofs@1+", world.RootPath);
        try
        {
            var e = Assert.Throws<SystemCallException>(() => world.Install(two));
            Assert.Equal(Errno.EROFS, e.Errno);
            Assert.Equal(1, world.Root.Current!.Number);
            Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
        }
        finally
        {
            WriteDoor.Fault = null;
        }
    }

    static void Everything(World world)
    {
        var (one, two) = (Scenario.One(world), Scenario.Two(world));
        world.Install(one);
        var first = world.Tree();
        world.Install(two);
        var second = world.Tree();
        Assert.Equal("f 0555 #!two", second["bin/foo"]);
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
        world.Rollback(1);
        SnapshotAssert.Equal(first, world.Tree(), "rollback");
        world.Install();
        Assert.Empty(world.Tree());
        world.Install(one);
    }

    static bool Run(string program, params string[] arguments) => ChildProcess.Run(new ChildOptions
    {
        FileName = program,
        Arguments = arguments,
        SearchPath = "/usr/bin:/bin:/usr/sbin:/sbin",
    }).IsSuccess;
}

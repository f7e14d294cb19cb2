using Xunit;

namespace Pm.Linux.Tests;

public class TreeRemovalTests
{
    [Fact]
    public void A_tree_goes_and_what_its_links_point_to_stays()
    {
        using var here = new TestDirectory();
        here.Write("outside/file", "kept");
        here.Write("tree/a/b/file", "");
        here.Write("tree/file", "");
        File.CreateSymbolicLink(here["tree/link"], here["outside"]);
        File.CreateSymbolicLink(here["tree/a/up"], "..");
        here.Handle.Symlink(here["outside"], "link");

        here.Handle.RemoveTree("tree");
        here.Handle.RemoveTree("link");
        here.Handle.RemoveTree("none");

        Assert.Equal("outside", Assert.Single(here.Handle.Entries()).Name);
        Assert.Equal("kept", File.ReadAllText(here["outside/file"]));
    }

    [Fact]
    public void A_tree_deeper_than_any_path_goes_too()
    {
        using var here = new TestDirectory();
        here.Handle.MakeDirectory("tree", Octal.Mode("755"));
        var at = here.Handle.OpenBeneath("tree");
        for (var i = 0; i < 3000; i++)
        {
            at.MakeDirectory("directory", Octal.Mode("755"));
            at.Symlink("x", "link");
            var next = at.OpenBeneath("directory");
            at.Dispose();
            at = next;
        }
        at.Dispose();

        here.Handle.RemoveTree("tree");

        Assert.Empty(here.Handle.Entries());
    }

    [Fact]
    public void Directories_their_owner_closed_are_opened_to_be_emptied()
    {
        using var here = new TestDirectory();
        here.Write("tree/closed/file", "");
        using (var tree = here.Handle.OpenBeneath("tree"))
        {
            tree.SetMode("closed", 0);
        }
        here.Handle.SetMode("tree", Octal.Mode("500"));

        here.Handle.RemoveTree("tree");

        Assert.Empty(here.Handle.Entries());
    }

    [Theory]
    [InlineData("mount -t tmpfs none", 1)]
    [InlineData("mount --bind '$outside'", 1)]
    [InlineData("mount --bind '$outside'", 3)]
    public void What_is_mounted_in_a_tree_is_not_entered(string mount, int depth)
    {
        Assert.SkipUnless(SystemUser.IsRoot, "only a super-user mounts");
        using var here = new TestDirectory();
        here.Write("outside/first", "");
        var deep = string.Concat(Enumerable.Repeat("/deep", depth));
        Directory.CreateDirectory(here["tree" + deep]);
        var made = Puppet.Shell($"{mount.Replace("$outside", here["outside"], StringComparison.Ordinal)} '{here["tree" + deep]}'");
        Assert.SkipUnless(made.IsSuccess, $"mounting is not allowed here: {made.ErrorText}");
        try
        {
            here.Write($"tree{deep}/precious", "kept");
            File.SetUnixFileMode(here["tree" + deep], UnixFileMode.UserRead | UnixFileMode.UserExecute);

            var whole = Assert.Throws<SystemCallException>(() => here.Handle.RemoveTree("tree"));
            using var tree = DirectoryHandle.Open(Path.GetDirectoryName(here["tree" + deep])!);
            var itself = Assert.Throws<SystemCallException>(() => tree.RemoveTree("deep"));

            Assert.Equal((Errno.EBUSY, here["tree" + deep]), (whole.Errno, whole.Path));
            Assert.Contains("something is mounted there", whole.Message, StringComparison.Ordinal);
            Assert.Equal(Errno.EBUSY, itself.Errno);
            Assert.Equal("kept", File.ReadAllText(here[$"tree{deep}/precious"]));
            Assert.Equal(Octal.Mode("500"), FileStatus.Of(here["tree" + deep])!.Value.Mode);
        }
        finally
        {
            Puppet.Shell($"umount '{here["tree" + deep]}'");
        }

        here.Handle.RemoveTree("tree");

        Assert.Null(here.Handle.Status("tree"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_mount_is_known_where_the_kernel_lacks_the_call_for_it_too(bool stepping)
    {
        using var here = new TestDirectory();
        Directory.CreateDirectory(here["outside"]);
        Directory.CreateDirectory(here["a/b"]);
        DirectoryHandle? Open(string path) => stepping ? here.Handle.TryStepWithinMount(path) : here.Handle.TryOpenWithinMount(path);
        foreach (var path in new[] { ".", "a", "a/b", "a//b/" })
        {
            using var found = Open(path);
            Assert.Equal(FileStatus.Of(here[path])!.Value.Inode, found!.Status().Inode);
        }
        Assert.Null(Open("none"));
        Assert.Null(Open("none/b"));
        here.Handle.Symlink("a", "link");
        Assert.True(Assert.Throws<SystemCallException>(() => Open("link")).Errno is Errno.ELOOP or Errno.ENOTDIR);
        Assert.SkipUnless(SystemUser.IsRoot, "only a super-user mounts");
        // Of the same file system: the device is the same.
        var made = Puppet.Shell($"mount --bind '{here["outside"]}' '{here["a"]}' && mkdir '{here["a/b"]}'");
        Assert.SkipUnless(made.IsSuccess, $"mounting is not allowed here: {made.ErrorText}");
        try
        {
            Assert.Equal(Errno.EBUSY, Assert.Throws<SystemCallException>(() => Open("a")).Errno);
            Assert.Equal(Errno.EBUSY, Assert.Throws<SystemCallException>(() => Open("a/b")).Errno);
        }
        finally
        {
            Puppet.Shell($"umount '{here["a"]}'");
        }
    }
}

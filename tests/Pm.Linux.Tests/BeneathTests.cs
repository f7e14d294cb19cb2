using Xunit;

namespace Pm.Linux.Tests;

public class BeneathTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_path_of_plain_directories_is_opened(bool stepping)
    {
        using var here = new TestDirectory();
        Directory.CreateDirectory(here["a/b/c"]);

        foreach (var path in new[] { "a", "a/b", "a/b/c", "a//b/./c/", "." })
        {
            using var found = Open(here, path, stepping);
            Assert.Equal(FileStatus.Of(here[path])!.Value.Inode, found!.Status().Inode);
        }
        Assert.Null(Open(here, "none", stepping));
        Assert.Null(Open(here, "a/none/c", stepping));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void No_part_may_be_a_symbolic_link_or_a_file(bool stepping)
    {
        using var here = new TestDirectory();
        Directory.CreateDirectory(here["a/b"]);
        here.Write("file", "");
        here.Handle.Symlink("a", "inside");
        here.Handle.Symlink("/etc", "outside");
        here.Handle.Symlink("..", "up");
        here.Handle.Symlink("/proc/self/root", "magic");
        here.Handle.Symlink("dangling", "dangling");

        foreach (var path in new[] { "inside", "inside/b", "outside", "up", "up/x", "magic", "magic/etc", "dangling", "file", "file/x" })
        {
            var e = Assert.Throws<SystemCallException>(() => Open(here, path, stepping));
            Assert.True(e.Errno is Errno.ELOOP or Errno.ENOTDIR, $"{path}: {e.Message}");
            Assert.StartsWith(here[path.Split('/')[0]], e.Path, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc")]
    [InlineData("..")]
    [InlineData("a/../..")]
    [InlineData("a/..")]
    [InlineData("nul\0")]
    public void What_is_no_path_beneath_is_refused_before_the_kernel_is_asked(string path)
    {
        using var here = new TestDirectory();

        Assert.Throws<ArgumentException>(() => here.Handle.TryOpenBeneath(path));
        Assert.Throws<ArgumentException>(() => here.Handle.TryStepBeneath(path));
        Assert.Throws<ArgumentException>(() => here.Handle.OpenOrMakeBeneath(path, 0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void While_a_part_is_being_swapped_for_a_link_the_outside_is_never_reached(bool stepping)
    {
        using var here = new TestDirectory();
        Directory.CreateDirectory(here["root/part/leaf"]);
        Directory.CreateDirectory(here["outside/leaf"]);
        using var root = here.Handle.OpenBeneath("root");
        root.Symlink(here["outside"], "spare");
        var outside = FileStatus.Of(here["outside/leaf"])!.Value.Inode;
        var isOver = false;
        var swapper = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                root.Rename("part", root, "spare", RenameMode.Exchange);
            }
        });
        swapper.Start();
        int opened = 0, refused = 0;

        for (var i = 0; (opened < 200 || refused < 200) && i < 500_000; i++)
        {
            try
            {
                using var leaf = stepping ? root.TryStepBeneath("part/leaf") : root.TryOpenBeneath("part/leaf");
                Assert.NotEqual(outside, leaf!.Status().Inode);
                opened++;
            }
            catch (SystemCallException e) when (e.Errno is Errno.ELOOP or Errno.ENOTDIR)
            {
                refused++;
            }
        }
        Volatile.Write(ref isOver, true);
        swapper.Join();

        Assert.True(opened > 0 && refused > 0, $"opened {opened}, refused {refused}: the race was not run");
    }

    /// <summary>To openat2(2) it then leads outside, as a `..` would.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_directory_that_is_moved_away_meanwhile_is_there_or_is_not(bool withinMount)
    {
        using var here = new TestDirectory();
        Directory.CreateDirectory(here["from/a"]);
        Directory.CreateDirectory(here["to"]);
        using var from = here.Handle.OpenBeneath("from");
        using var to = here.Handle.OpenBeneath("to");
        var isOver = false;
        var mover = new Thread(() =>
        {
            while (!Volatile.Read(ref isOver))
            {
                from.Rename("a", to, "a");
                to.Rename("a", from, "a");
            }
        });
        mover.Start();
        var (found, missed) = (0, 0);
        try
        {
            for (var turn = 0; turn < 20_000 || found == 0 || missed == 0; turn++)
            {
                using var opened = withinMount ? from.TryOpenWithinMount("a") : from.TryOpenBeneath("a");
                _ = opened is null ? missed++ : found++;
            }
        }
        finally
        {
            Volatile.Write(ref isOver, true);
            mover.Join();
        }
    }

    [Fact]
    public void Missing_directories_are_made_but_never_through_a_link()
    {
        using var here = new TestDirectory();
        Directory.CreateDirectory(here["outside"]);
        Directory.CreateDirectory(here["root/a"]);
        using var root = here.Handle.OpenBeneath("root");
        root.Symlink("../outside", "link");

        using (var made = root.OpenOrMakeBeneath("a/b/c", Octal.Mode("711")))
        {
            Assert.Equal(Octal.Mode("711"), made.Status().Mode);
        }
        Assert.True(Directory.Exists(here["root/a/b/c"]));
        Assert.Throws<SystemCallException>(() => root.OpenOrMakeBeneath("link/b", Octal.Mode("755")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(here["outside"]));
    }

    static DirectoryHandle? Open(TestDirectory here, string path, bool stepping) =>
        stepping ? here.Handle.TryStepBeneath(path) : here.Handle.TryOpenBeneath(path);
}

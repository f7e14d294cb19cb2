using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Pm.Linux.Tests;

public class FileWritingTests
{
    [Fact]
    public void A_full_device_is_an_error_with_its_number_and_path()
    {
        using var full = File.OpenHandle("/dev/full", FileMode.Open, FileAccess.Write);

        var e = Assert.Throws<SystemCallException>(() => FileWriting.Write(full, "x"u8));

        Assert.Equal((Errno.ENOSPC, "write", "/dev/full"), (e.Errno, e.Call, e.Path));
        Assert.Equal("write /dev/full: No space left on device", e.Message);
    }

    [Fact]
    public void A_real_full_file_system_stops_writing_and_lets_the_rest_be_removed()
    {
        if (!SystemUser.IsRoot)
        {
            Assert.Skip("mounting a small file system needs root");
        }
        using var here = new TestDirectory();
        if (!Puppet.Shell($"mount -t tmpfs -o size=64k none '{here.Path}'").IsSuccess)
        {
            Assert.Skip("mounting is not allowed here");
        }
        try
        {
            using var small = DirectoryHandle.Open(here.Path);
            File.WriteAllText(here["state"], "old");

            var e = Assert.Throws<SystemCallException>(() => DurableFile.Replace(small, "state", new byte[1 << 20]));

            Assert.Equal(Errno.ENOSPC, e.Errno);
            Assert.Equal("old", File.ReadAllText(here["state"]));
            Assert.Single(small.Entries());
        }
        finally
        {
            Puppet.Shell($"umount '{here.Path}'");
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(300_000)]
    public void A_copy_has_the_content_of_its_source_wherever_the_two_stood(int size)
    {
        using var here = new TestDirectory();
        var content = new byte[size];
        new Random(size).NextBytes(content);
        File.WriteAllBytes(here["source"], content);
        using var source = here.Handle.OpenRead("source");
        using var target = here.Handle.CreateFile("target", Octal.Mode("644"));

        Assert.Equal(size, FileWriting.CopyInto(source, target));

        Assert.Equal(content, File.ReadAllBytes(here["target"]));
    }

    [Fact]
    public void A_file_whose_size_the_kernel_does_not_tell_is_copied_by_reading()
    {
        using var here = new TestDirectory();
        using var source = File.OpenHandle("/proc/self/status");
        using var target = here.Handle.CreateFile("target", Octal.Mode("644"));

        Assert.True(FileWriting.CopyInto(source, target) > 100);

        Assert.Contains("Umask:", File.ReadAllText(here["target"]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_copy_between_file_systems_falls_back()
    {
        if (!Directory.Exists("/dev/shm"))
        {
            Assert.Skip("there is no second file system at /dev/shm");
        }
        using var here = new TestDirectory();
        var path = $"/dev/shm/pm-linux-copy-{Environment.ProcessId}";
        File.WriteAllText(path, new string('x', 200_000));
        try
        {
            using var source = File.OpenHandle(path);
            using var target = here.Handle.CreateFile("target", Octal.Mode("644"));

            Assert.Equal(200_000, FileWriting.CopyInto(source, target));
            Assert.Equal(200_000, new FileInfo(here["target"]).Length);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Writing_at_a_place_appending_and_cutting_do_what_they_say()
    {
        using var here = new TestDirectory();
        using (var file = here.Handle.CreateFile("file", Octal.Mode("644")))
        {
            FileWriting.Write(file, "0123456789"u8);
            FileWriting.WriteAt(file, "xx"u8, 3);
            FileWriting.Write(file, "!"u8);
            Assert.Equal("012xx56789!", File.ReadAllText(here["file"]));
            FileWriting.Truncate(file, 4);
        }
        using (var file = here.Handle.OpenAppend("file", 0))
        using (var stream = FileWriting.Stream(file))
        {
            stream.Write("ab"u8);
            stream.Write("c"u8);
            Assert.Equal(3, stream.Position);
        }

        Assert.Equal("012xabc", File.ReadAllText(here["file"]));
    }

    [Fact]
    public void A_file_opened_for_reading_is_not_written()
    {
        using var here = new TestDirectory();
        here.Write("file", "x");
        using var file = here.Handle.OpenRead("file");

        Assert.Equal(Errno.EBADF, DirectoryHandleTests.Errors(() => FileWriting.Write(file, "y"u8)));
        Assert.Equal(Errno.EINVAL, DirectoryHandleTests.Errors(() => FileWriting.Truncate(file, 0)));
    }

    [Fact]
    public void An_attribute_is_set_and_read_back()
    {
        using var here = new TestDirectory();
        using var file = here.Handle.CreateFile("file", Octal.Mode("644"));
        Assert.Null(ExtendedAttributes.Get(file, "user.pm"));
        try
        {
            ExtendedAttributes.Set(file, "user.pm", "value"u8);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            Assert.Skip("this file system keeps no attributes");
        }

        Assert.Equal("value"u8.ToArray(), ExtendedAttributes.Get(file, "user.pm"));
        Assert.Throws<SystemCallException>(() => ExtendedAttributes.Set(file, "nonsense", "x"u8));
    }

    [Fact]
    public void The_path_of_an_open_file_is_the_one_it_has_now()
    {
        using var here = new TestDirectory();
        using SafeFileHandle file = here.Handle.CreateFile("before", Octal.Mode("644"));

        here.Handle.Rename("before", here.Handle, "after");

        Assert.Equal(here["after"], OpenFile.PathOf(file));
    }
}

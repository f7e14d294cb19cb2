using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace Pm.Linux.Tests;

public class DirectoryHandleTests
{
    public static TheoryData<string> NoNames => ["", ".", "..", "a/b", "/", "/etc", "a/", "nul\0"];

    [Theory]
    [MemberData(nameof(NoNames))]
    public void What_is_not_one_name_within_a_directory_is_refused_by_every_call(string name)
    {
        using var here = new TestDirectory();
        var d = here.Handle;
        Action[] calls =
        [
            () => d.CreateFile(name, 0), () => d.OpenRead(name), () => d.OpenWrite(name), () => d.OpenAppend(name, 0),
            () => d.Link(d, name, "b"), () => d.Link(d, "b", name), () => d.LinkPath("/etc/passwd", name),
            () => d.Symlink("t", name), () => d.MakeDirectory(name, 0), () => d.Rename(name, d, "b"),
            () => d.Rename("b", d, name), () => d.Unlink(name), () => d.RemoveDirectory(name), () => d.SetMode(name, 0),
            () => d.SetOwner(name, 0, 0), () => d.SetTimes(name, default), () => d.Status(name), () => d.ReadLink(name),
            () => d.RemoveTree(name),
        ];

        Assert.All(calls, call => Assert.Throws<ArgumentException>(call));
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 97 })]
    [InlineData(new byte[] { 97, 0, 98, 0 })]
    [InlineData(new byte[] { 97, 47, 98, 0 })]
    [InlineData(new byte[] { 46, 46, 0 })]
    [InlineData(new byte[] { 0 })]
    public void Names_as_bytes_are_held_to_the_same_rule(byte[] name)
    {
        using var here = new TestDirectory();

        Assert.Throws<ArgumentException>(() => here.Handle.Link(here.Handle, name, "b\0"u8));
        Assert.Throws<ArgumentException>(() => here.Handle.Unlink(name));
        Assert.Throws<ArgumentException>(() => here.Handle.Status(name));
    }

    [Fact]
    public void A_made_file_has_exactly_the_mode_asked_for_and_is_not_made_twice()
    {
        using var here = new TestDirectory();
        foreach (var mode in new[] { "600", "666", "777", "4755", "0" })
        {
            here.Handle.CreateFile(mode, Octal.Mode(mode)).Dispose();

            Assert.Equal(Octal.Mode(mode), here.Handle.Status(mode)!.Value.Mode);
            var e = Assert.Throws<SystemCallException>(() => here.Handle.CreateFile(mode, Octal.Mode(mode)));
            Assert.Equal(Errno.EEXIST, e.Errno);
            Assert.Equal($"open {here[mode]}: File exists", e.Message);
        }
    }

    [Fact]
    public void Making_a_file_that_need_not_be_new_empties_it_but_follows_no_link()
    {
        using var here = new TestDirectory();
        here.Write("file", "old");
        here.Write("elsewhere", "kept");
        File.CreateSymbolicLink(here["link"], here["elsewhere"]);

        here.Handle.CreateFile("file", Octal.Mode("644"), exclusive: false).Dispose();

        Assert.Equal("", File.ReadAllText(here["file"]));
        Assert.Equal(Errno.ELOOP, Errors(() => here.Handle.CreateFile("link", 0, exclusive: false)));
        Assert.Equal(Errno.ELOOP, Errors(() => here.Handle.OpenRead("link")));
        Assert.Equal(Errno.ELOOP, Errors(() => here.Handle.OpenAppend("link", 0)));
        Assert.Equal("kept", File.ReadAllText(here["elsewhere"]));
    }

    [Fact]
    public void Only_regular_files_are_opened_and_a_pipe_is_never_waited_for()
    {
        using var here = new TestDirectory();
        here.Handle.MakeDirectory("directory", Octal.Mode("755"));
        Assert.True(Puppet.Shell($"mkfifo '{here["pipe"]}'").IsSuccess);
        using var devices = DirectoryHandle.Open("/dev");

        Assert.Equal(Errno.ENOENT, Errors(() => here.Handle.OpenRead("nothing")));
        Assert.Null(here.Handle.TryOpenRead("nothing"));
        Assert.Equal(Errno.EISDIR, Errors(() => here.Handle.OpenRead("directory")));
        Assert.Equal(Errno.EINVAL, Errors(() => here.Handle.OpenRead("pipe")));
        var e = Assert.Throws<SystemCallException>(() => devices.OpenRead("null"));
        Assert.Equal("open /dev/null: not a regular file but a device", e.Message);
    }

    [Fact]
    public void A_link_is_a_second_name_of_the_same_file()
    {
        using var here = new TestDirectory();
        here.Write("one", "x");
        File.CreateSymbolicLink(here["link"], "one");

        here.Handle.Link(here.Handle, "one", "two");
        here.Handle.Link(here.Handle, "one\0"u8, "three\0"u8);
        here.Handle.LinkPath(here["one"], "four");
        here.Handle.Link(here.Handle, "link", "link too");

        var status = here.Handle.Status("one")!.Value;
        Assert.Equal(4u, status.Links);
        Assert.True(status.IsSameFile(here.Handle.Status("four")!.Value));
        Assert.True(here.Handle.Status("link too")!.Value.IsSymbolicLink);
        Assert.Equal(Errno.EEXIST, Errors(() => here.Handle.Link(here.Handle, "one", "two")));
        Assert.Equal(Errno.ENOENT, Errors(() => here.Handle.Link(here.Handle, "none", "five")));
    }

    [Fact]
    public void A_link_to_another_file_system_fails_with_both_facts_in_the_message()
    {
        using var here = new TestDirectory();
        if (!Directory.Exists("/dev/shm") || FileSystemStatus.Of("/dev/shm").Device == FileSystemStatus.Of(here.Path).Device)
        {
            Assert.Skip("there is no second file system at /dev/shm");
        }
        using var other = DirectoryHandle.Open("/dev/shm");
        here.Write("file", "x");
        var name = $"pm-linux-tests-{Environment.ProcessId}";

        var link = Assert.Throws<SystemCallException>(() => other.Link(here.Handle, "file", name));
        var rename = Assert.Throws<SystemCallException>(() => here.Handle.Rename("file", other, name));

        Assert.Equal((Errno.EXDEV, $"/dev/shm/{name}"), (link.Errno, link.Path));
        Assert.Equal(Errno.EXDEV, rename.Errno);
        Assert.StartsWith($"rename {here["file"]} to /dev/shm/{name}: ", rename.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_rename_replaces_refuses_or_exchanges_as_told()
    {
        using var here = new TestDirectory();
        var d = here.Handle;
        here.Write("a", "A");
        here.Write("b", "B");

        Assert.Equal(Errno.EEXIST, Errors(() => d.Rename("a", d, "b", RenameMode.NoReplace)));
        d.Rename("a", d, "b", RenameMode.Exchange);
        Assert.Equal(("B", "A"), (File.ReadAllText(here["a"]), File.ReadAllText(here["b"])));

        d.Rename("a", d, "b");
        Assert.Equal("B", File.ReadAllText(here["b"]));
        Assert.Null(d.Status("a"));
        d.Rename("b", d, "c", RenameMode.NoReplace);
        Assert.Equal(Errno.ENOENT, Errors(() => d.Rename("b", d, "x")));
    }

    [Fact]
    public void Removing_tells_files_from_directories_and_full_from_empty()
    {
        using var here = new TestDirectory();
        here.Write("full/file", "");

        Assert.Equal(Errno.EISDIR, Errors(() => here.Handle.Unlink("full")));
        Assert.Equal(Errno.ENOTEMPTY, Errors(() => here.Handle.RemoveDirectory("full")));
        Assert.Equal(Errno.ENOENT, Errors(() => here.Handle.Unlink("none")));
        using (var full = here.Handle.OpenBeneath("full"))
        {
            Assert.Equal(Errno.ENOTDIR, Errors(() => full.RemoveDirectory("file")));
            full.Unlink("file");
        }
        here.Handle.RemoveDirectory("full");
        Assert.Empty(here.Handle.Entries());
    }

    [Fact]
    public void Modes_times_and_targets_are_set_and_read_without_following_links()
    {
        using var here = new TestDirectory();
        var d = here.Handle;
        here.Write("file", "12345");
        d.Symlink("file", "link");
        var before1970 = new DateTimeOffset(1969, 12, 31, 23, 59, 58, TimeSpan.Zero).AddTicks(1234567);

        d.SetMode("file", Octal.Mode("4711"));
        d.SetTimes("file", before1970);
        d.SetTimes("link", DateTimeOffset.UnixEpoch.AddSeconds(1));

        var file = d.Status("file")!.Value;
        Assert.Equal((Octal.Mode("4711"), 5L, before1970), (file.Mode, file.Size, file.Modified));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddSeconds(1), d.Status("link")!.Value.Modified);
        Assert.Equal("file", d.ReadLink("link"));
        Assert.Null(d.ReadLink("file"));
        Assert.Null(d.ReadLink("none"));
        Assert.Equal(Errno.EOPNOTSUPP, Errors(() => d.SetMode("link", 0)));
        Assert.Equal(Errno.EEXIST, Errors(() => d.Symlink("x", "link")));
    }

    [Fact]
    public void An_owner_is_given_by_root_and_refused_to_others()
    {
        using var here = new TestDirectory();
        here.Write("file", "");
        here.Handle.Symlink("file", "link");
        if (!SystemUser.IsRoot)
        {
            Assert.Equal(Errno.EPERM, Errors(() => here.Handle.SetOwner("file", 0, 0)));
            return;
        }

        here.Handle.SetOwner("link", 12, 34);

        Assert.Equal((12u, 34u), (here.Handle.Status("link")!.Value.Owner, here.Handle.Status("link")!.Value.Group));
        Assert.Equal(0u, here.Handle.Status("file")!.Value.Owner);
    }

    [Fact]
    public void A_hostile_time_is_cut_to_what_can_be_shown()
    {
        using var here = new TestDirectory();
        here.Write("file", "");
        Assert.True(Puppet.Shell($"touch -d '9000-01-01T00:00:00Z' '{here["file"]}'").IsSuccess);

        // ext4 cuts it to 2446, others keep it: what matters is that reading it is no failure.
        Assert.True(here.Handle.Status("file")!.Value.Modified.Year > 2400);
    }

    [Fact]
    public void Every_entry_of_a_large_directory_is_listed_once_and_again_and_may_be_removed_meanwhile()
    {
        using var here = new TestDirectory();
        for (var i = 0; i < 3000; i++)
        {
            here.Handle.CreateFile($"a-rather-long-name-so-that-the-buffer-is-filled-{i}", Octal.Mode("644")).Dispose();
        }
        here.Handle.MakeDirectory("directory", Octal.Mode("755"));
        here.Handle.Symlink("x", "link");

        var entries = here.Handle.Entries();
        var names = entries.Select(e => e.Name).ToHashSet();

        Assert.Equal(3002, entries.Count());
        Assert.Equal(3002, names.Count);
        Assert.Equal(FileKind.Directory, entries.Single(e => e.Name == "directory").Kind);
        Assert.Equal(FileKind.SymbolicLink, entries.Single(e => e.Name == "link").Kind);
        foreach (var entry in entries.Where(e => e.Kind is FileKind.Regular))
        {
            here.Handle.Unlink(entry.Name);
        }
        Assert.Equal(2, entries.Count());
    }

    [Fact]
    public void What_is_missing_of_a_path_is_made()
    {
        using var here = new TestDirectory();

        using (var made = DirectoryHandle.OpenOrMake(here["a/b/c"], Octal.Mode("750")))
        {
            Assert.Equal(Octal.Mode("750"), made.Status().Mode);
        }
        using (var again = DirectoryHandle.OpenOrMake(here["a/b/c/"], Octal.Mode("700")))
        {
            Assert.Equal(Octal.Mode("750"), again.Status().Mode);
        }
        here.Write("file", "");
        Assert.Equal(Errno.ENOTDIR, Errors(() => DirectoryHandle.OpenOrMake(here["file/x"], 0)));
        Assert.Null(DirectoryHandle.TryOpen(here["none"]));
        Assert.Equal(Errno.ENOTDIR, Errors(() => DirectoryHandle.Open(here["file"])));
    }

    [Fact]
    public void A_directory_that_may_not_be_written_or_read_says_so()
    {
        if (SystemUser.IsRoot)
        {
            Assert.Skip("root may do everything");
        }
        using var here = new TestDirectory();
        here.Handle.MakeDirectory("locked", Octal.Mode("500"));
        here.Handle.MakeDirectory("closed", 0);
        using var locked = here.Handle.OpenBeneath("locked");

        Assert.Equal(Errno.EACCES, Errors(() => locked.CreateFile("x", 0)));
        Assert.Equal(Errno.EACCES, Errors(() => here.Handle.OpenBeneath("closed")));
    }

    [Fact]
    public void A_small_file_is_read_whole_and_one_over_the_limit_refused()
    {
        using var here = new TestDirectory();
        here.Write("file", "12345");

        Assert.Equal("12345"u8.ToArray(), here.Handle.TryReadFile("file", 5));
        Assert.Equal(Errno.EFBIG, Errors(() => here.Handle.TryReadFile("file", 4)));
        Assert.Null(here.Handle.TryReadFile("none", 4));
        using var proc = DirectoryHandle.Open("/proc");
        Assert.NotEmpty(proc.TryReadFile("version", 4096)!);
    }

    [Fact]
    public void Syncing_works_on_a_real_file_system_and_the_file_system_tells_of_itself()
    {
        using var here = new TestDirectory();

        here.Handle.Sync();
        here.Handle.SyncFileSystem();
        var status = here.Handle.FileSystem();

        Assert.Equal(here.Handle.Status().Device, status.Device);
        Assert.InRange(status.FreeBytes, 1, status.TotalBytes);
        Assert.NotEmpty(status.Type);
        Assert.Equal("proc", FileSystemStatus.Of("/proc").Type);
    }

    internal static int Errors(Action call) => Assert.Throws<SystemCallException>(call).Errno;

    static int Errors(Func<object?> call) => Errors(() => { _ = call(); });

    [Fact]
    public void A_file_without_a_name_is_never_seen()
    {
        using var here = new TestDirectory();
        using var file = here.Handle.CreateUnnamed(Octal.Mode("600"));
        FileWriting.Write(file, "content"u8);

        Assert.Empty(here.Handle.Entries());
        Assert.Equal(7, OpenFile.Status(file).Size);
    }

    [Fact]
    public void A_directory_is_taken_by_one_at_a_time()
    {
        using var here = new TestDirectory();
        using (var first = DirectoryHandle.Open(here.Path))
        {
            using var second = DirectoryHandle.Open(here.Path);
            Assert.True(first.TryLock());
            Assert.False(second.TryLock());
        }

        using var third = DirectoryHandle.Open(here.Path);
        Assert.True(third.TryLock());
    }

    [Fact]
    public void A_directory_that_another_has_is_waited_for_and_who_has_it_is_named()
    {
        using var here = new TestDirectory();
        using var first = DirectoryHandle.Open(here.Path);
        using var second = DirectoryHandle.Open(here.Path);
        Assert.True(first.TryLock());
        var time = new ManualTime();
        var told = new List<LockHolder?>();

        var e = Assert.Throws<LockBusyException>(() => second.Lock(TimeSpan.FromSeconds(1), time, told.Add, TestContext.Current.CancellationToken));

        Assert.Equal(20, time.Waits);
        Assert.Equal(Environment.ProcessId, Assert.Single(told)!.ProcessId);
        Assert.StartsWith($"lock {here.Path}: held by process {Environment.ProcessId} (", e.Message, StringComparison.Ordinal);
        Assert.EndsWith(", waited 1 s", e.Message, StringComparison.Ordinal);
        second.Lock(TimeSpan.FromSeconds(1), new ManualTime { AtWait = first.Dispose }, null, TestContext.Current.CancellationToken);
        using var third = DirectoryHandle.Open(here.Path);
        Assert.False(third.TryLock());
    }

    [Fact]
    public void Waiting_for_a_directory_ends_when_the_waiter_is_told_to_stop()
    {
        using var here = new TestDirectory();
        using var first = DirectoryHandle.Open(here.Path);
        using var second = DirectoryHandle.Open(here.Path);
        Assert.True(first.TryLock());
        using var stop = new CancellationTokenSource();

        Assert.Throws<OperationCanceledException>(() => second.Lock(Timeout.InfiniteTimeSpan, new ManualTime { AtWait = stop.Cancel }, null, stop.Token));
    }

    /// <summary>As a child does that was started meanwhile, until it becomes its program.</summary>
    [Fact]
    public void A_lock_goes_with_its_handle_though_another_still_shares_the_open_directory()
    {
        using var here = new TestDirectory();
        using var other = DirectoryHandle.Open(here.Path);
        var first = DirectoryHandle.Open(here.Path);
        Assert.True(first.TryLock());
        using var shared = new SafeFileHandle(Duplicate((int)first.DangerousGetHandle()), ownsHandle: true);
        Assert.False(other.TryLock());

        first.Dispose();

        Assert.True(other.TryLock());
    }

    [DllImport("libc", EntryPoint = "dup")]
    static extern int Duplicate(int descriptor);
}

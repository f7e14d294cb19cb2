using System.Runtime.InteropServices;
using Xunit;

namespace Pm.Linux.Tests;

[Collection(nameof(Doors))]
public sealed class WriteDoorTests : IDisposable
{
    public void Dispose()
    {
        WriteDoor.Fault = null;
        WriteDoor.Trace = null;
    }

    [Fact]
    public void A_durable_replacement_is_these_calls_in_this_order()
    {
        using var here = new TestDirectory();
        var calls = Traced(here, () => DurableFile.Replace(here["file"], "x"u8, Octal.Mode("600")));

        Assert.Equal(["open", "write", "fsync", "rename", "fsync"], calls.Select(c => c.Call));
        Assert.StartsWith(here[DurableFile.TemporaryPrefix], calls[0].Path, StringComparison.Ordinal);
        Assert.Equal(calls[0].Path, calls[2].Path);
        Assert.Equal(here["file"], calls[3].Path);
        Assert.Equal(here.Path, calls[4].Path);
    }

    [Fact]
    public void Every_mutating_call_passes_the_door_with_its_path()
    {
        using var here = new TestDirectory();
        var d = here.Handle;
        var calls = Traced(here, () => ChangeEverything(here));

        string[] expected =
        [
            "open a", "write a", "truncate a", "fdatasync a", "chmod a", "setxattr a", "open b", "clone b",
            "link c", "symlink d", "mkdir e", "rename f", "unlink f", "rmdir e", "chmod a", "chown a", "utimens a",
            "fsync ", "syncfs ",
        ];
        var seen = calls.Select(c => $"{c.Call} {c.Path[here.Path.Length..].TrimStart('/')}").ToList();
        Assert.All(expected, e => Assert.Contains(e, seen));
        Assert.Equal(calls.Count, calls.Select(c => c.Number).Distinct().Count());
        Assert.Equal(0, d.Entries().Count(e => e.Name is "e" or "f"));
    }

    [Fact]
    public void Every_call_can_be_made_to_fail_and_the_next_run_succeeds()
    {
        for (var n = 1; ; n++)
        {
            using var here = new TestDirectory();
            var fault = WriteFault.Parse($"eio@{n}", here.Path);
            WriteDoor.Fault = fault;
            var e = Record.Exception(() => ChangeEverything(here));
            WriteDoor.Fault = null;
            if (!fault.HasStruck)
            {
                Assert.Null(e);
                Assert.True(n > 18, $"only {n} calls");
                return;
            }

            var failure = Assert.IsType<SystemCallException>(e);
            Assert.Equal(Errno.EIO, failure.Errno);
            Assert.EndsWith(": " + Marshal.GetPInvokeErrorMessage(Errno.EIO), failure.Message, StringComparison.Ordinal);
            Assert.NotNull(failure.Path);
        }
    }

    [Fact]
    public void An_interrupted_call_is_repeated_where_the_kernel_interrupts()
    {
        for (var n = 1; n <= 5; n++)
        {
            using var here = new TestDirectory();
            var fault = WriteFault.Parse($"eintr@{n}", here.Path);
            WriteDoor.Fault = fault;
            var e = Record.Exception(() => DurableFile.Replace(here["file"], "x"u8));
            WriteDoor.Fault = null;

            Assert.True(fault.HasStruck);
            // rename(2) is not interrupted by the kernel; repeating it could find it already done.
            Assert.Equal(n == 4, e is SystemCallException { Errno: Errno.EINTR });
            Assert.Equal(n == 4 ? 0 : 1, here.Handle.Entries().Count());
        }
    }

    [Fact]
    public void Interrupted_again_and_again_what_is_repeated_gets_through()
    {
        using var here = new TestDirectory();
        using var file = here.Handle.CreateFile("a", Octal.Mode("644"));
        WriteDoor.Fault = WriteFault.Parse("eintr@1+", here.Path);
        FileWriting.Write(file, "content"u8);
        FileWriting.Sync(file);
        here.Handle.Sync();
        var seen = WriteDoor.Fault.Seen;
        WriteDoor.Fault = null;

        Assert.Equal(6, seen);
        Assert.Equal("content", File.ReadAllText(here["a"]));
    }

    [Fact]
    public void A_replacement_that_fails_leaves_the_old_content_and_no_temporary_file()
    {
        foreach (var word in new[] { "enospc@{0}", "enospc@{0}+", "eio@{0}", "edquot@{0}+", "erofs@{0}" })
        {
            for (var n = 1; n <= 5; n++)
            {
                using var here = new TestDirectory();
                here.Write("file", "old");
                var fault = WriteFault.Parse(string.Format(null, word, n), here.Path);
                WriteDoor.Fault = fault;
                Assert.Throws<SystemCallException>(() => DurableFile.Replace(here["file"], "new"u8));
                WriteDoor.Fault = null;

                Assert.True(fault.HasStruck);
                Assert.Equal("file", Assert.Single(here.Handle.Entries()).Name);
                Assert.Equal(n < 5 ? "old" : "new", File.ReadAllText(here["file"]));
                DurableFile.Replace(here["file"], "new"u8);
            }
        }
    }

    [Fact]
    public void A_sticky_fault_strikes_from_its_number_on_and_a_single_one_once()
    {
        using var here = new TestDirectory();
        foreach (var (text, failing) in new[] { ("eio@2", "2"), ("eio@2+", "2345"), ("eio@9", ""), ("eio@1+", "12345") })
        {
            WriteDoor.Fault = WriteFault.Parse(text, here.Path);
            var failed = "";
            for (var i = 1; i <= 5; i++)
            {
                var name = $"{text}-{i}";
                failed += Record.Exception(() => here.Handle.Symlink("t", name)) is null ? "" : $"{i}";
            }
            WriteDoor.Fault = null;

            Assert.Equal(failing, failed);
        }
    }

    [Fact]
    public void Calls_of_many_threads_are_counted_without_loss()
    {
        using var here = new TestDirectory();
        var fault = WriteFault.Parse("eio@1000000", here.Path);
        WriteDoor.Fault = fault;
        var before = WriteDoor.Count;

        Parallel.For(0, 4, t =>
        {
            for (var i = 0; i < 250; i++)
            {
                here.Handle.Symlink("t", $"{t}-{i}");
            }
        });

        Assert.Equal(1000, fault.Seen);
        Assert.True(WriteDoor.Count - before >= 1000);
    }

    [Fact]
    public void On_a_full_disk_a_lock_is_still_had_and_let_go()
    {
        using var here = new TestDirectory();
        here.Write("lock", "");
        var fault = WriteFault.Parse("enospc@1+", here.Path);
        WriteDoor.Fault = fault;
        using (var held = FileLock.TryExclusive(here["lock"], "pm gc"))
        {
            Assert.NotNull(held);
            Assert.True(fault.HasStruck);
            Assert.Null(FileLock.TryShared(here["lock"], "x"));
        }
        WriteDoor.Fault = null;

        using var again = FileLock.TryExclusive(here["lock"], "x");
        Assert.NotNull(again);
    }

    [Fact]
    public void Paths_elsewhere_are_not_counted()
    {
        using var here = new TestDirectory();
        here.Handle.MakeDirectory("inside", Octal.Mode("755"));
        here.Handle.MakeDirectory("inside too", Octal.Mode("755"));
        using var other = here.Handle.OpenBeneath("inside too");
        using var inside = here.Handle.OpenBeneath("inside");
        var fault = WriteFault.Parse("eio@2+", here["inside"]);
        WriteDoor.Fault = fault;

        here.Handle.Symlink("t", "link");
        other.Symlink("t", "link");
        inside.Symlink("t", "link");
        Assert.Equal((1, false), (fault.Seen, fault.HasStruck));

        Assert.Throws<SystemCallException>(inside.Sync);
        WriteDoor.Fault = null;
        Assert.True(fault.HasStruck);
    }

    [Theory]
    [InlineData("kill@3", WriteFaultKind.Kill, 3, 0, false)]
    [InlineData("torn@1", WriteFaultKind.Tear, 1, 0, false)]
    [InlineData("enospc@12+", WriteFaultKind.Fail, 12, Errno.ENOSPC, true)]
    [InlineData("eintr@2", WriteFaultKind.Fail, 2, Errno.EINTR, false)]
    [InlineData("eintr@3+", WriteFaultKind.Fail, 3, Errno.EINTR, true)]
    [InlineData("stop@4", WriteFaultKind.Stop, 4, 0, false)]
    public void A_fault_is_read_from_its_text(string text, WriteFaultKind kind, long at, int errno, bool isSticky)
    {
        var fault = WriteFault.Parse(text);

        Assert.Equal((kind, at, errno, isSticky), (fault.Kind, fault.At, fault.Errno, fault.IsSticky));
    }

    [Theory]
    [InlineData("")]
    [InlineData("kill")]
    [InlineData("kill@")]
    [InlineData("kill@0")]
    [InlineData("kill@-1")]
    [InlineData("kill@ 1")]
    [InlineData("kill@1+")]
    [InlineData("torn@1+")]
    [InlineData("stop@1+")]
    [InlineData("enospc@1++")]
    [InlineData("enospc@1@2")]
    [InlineData("ENOSPC@1")]
    [InlineData("explode@1")]
    [InlineData("eio@99999999999999999999")]
    public void Any_other_text_is_refused_and_shown(string text) =>
        Assert.Contains($"`{text}`", Assert.Throws<FormatException>(() => WriteFault.Parse(text)).Message, StringComparison.Ordinal);

    static void ChangeEverything(TestDirectory here)
    {
        var d = here.Handle;
        using (var a = d.CreateFile("a", Octal.Mode("644")))
        using (var b = d.CreateFile("b", Octal.Mode("644")))
        {
            FileWriting.Write(a, "content"u8);
            FileWriting.Truncate(a, 4);
            FileWriting.SyncContent(a);
            FilePermissions.Set(a, Octal.Mode("600"));
            ExtendedAttributes.Set(a, "user.pm", "x"u8);
            FileWriting.CopyInto(a, b);
        }
        d.Link(d, "a", "c");
        d.Symlink("a", "d");
        d.MakeDirectory("e", Octal.Mode("755"));
        d.Rename("c", d, "f");
        d.Unlink("f");
        d.RemoveDirectory("e");
        d.SetMode("a", Octal.Mode("644"));
        d.SetOwner("a", SystemUser.EffectiveUserId, SystemUser.EffectiveGroupId);
        d.SetTimes("a", DateTimeOffset.UnixEpoch);
        d.Sync();
        d.SyncFileSystem();
    }

    static List<(long Number, string Call, string Path)> Traced(TestDirectory here, Action action)
    {
        var calls = new List<(long, string, string)>();
        WriteDoor.Trace = (number, call, path) =>
        {
            if (path == here.Path || path.StartsWith(here.Path + "/", StringComparison.Ordinal))
            {
                lock (calls)
                {
                    calls.Add((number, call, path));
                }
            }
        };
        action();
        WriteDoor.Trace = null;
        return calls;
    }
}

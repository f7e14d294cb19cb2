using System.Globalization;
using Xunit;

namespace Pm.Linux.Tests;

public class FileLockTests
{
    static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public void Two_holders_in_one_process_exclude_each_other_as_the_table_says()
    {
        using var here = new TestDirectory();
        var path = here["lock"];
        foreach (var (first, second, isAllowed) in new[]
                 { (true, true, false), (true, false, false), (false, true, false), (false, false, true) })
        {
            using (Take(path, first))
            using (var other = Take(path, second))
            {
                Assert.Equal(isAllowed, other is not null);
            }
            using var free = FileLock.TryExclusive(path, "x");
            Assert.NotNull(free);
        }
    }

    [Fact]
    public void Threads_never_hold_it_together()
    {
        using var here = new TestDirectory();
        int inside = 0, taken = 0;

        Parallel.For(0, 400, _ =>
        {
            using var held = FileLock.TryExclusive(here["lock"], "x");
            if (held is not null)
            {
                Assert.Equal(1, Interlocked.Increment(ref inside));
                Interlocked.Increment(ref taken);
                Interlocked.Decrement(ref inside);
            }
        });

        Assert.True(taken > 0);
    }

    [Fact]
    public void A_busy_lock_is_tried_until_the_time_is_over_and_the_message_names_its_holder()
    {
        using var here = new TestDirectory();
        using var held = FileLock.TryExclusive(here["lock"], "pm install\nfoo");
        var time = new ManualTime();
        var told = new List<LockHolder?>();

        var e = Assert.Throws<LockBusyException>(() => FileLock.Exclusive(here["lock"], "x", Second, time, told.Add));

        Assert.Equal(20, time.Waits);
        Assert.Equal("pm install foo", Assert.Single(told)!.Command);
        Assert.Equal(Environment.ProcessId, e.Holder!.ProcessId);
        Assert.StartsWith(
            string.Create(CultureInfo.InvariantCulture, $"lock {here["lock"]}: held by process {Environment.ProcessId} (pm install foo) since "),
            e.Message, StringComparison.Ordinal);
        Assert.EndsWith(", waited 1 s", e.Message, StringComparison.Ordinal);
        Assert.Equal($"ps -fp {Environment.ProcessId}", e.Hint);
    }

    [Fact]
    public void Waiting_ends_when_the_holder_lets_go_or_the_waiter_is_told_to_stop()
    {
        using var here = new TestDirectory();
        var held = FileLock.TryShared(here["lock"], "x")!;
        using var stop = new CancellationTokenSource();
        var stopping = new ManualTime { AtWait = stop.Cancel };
        var letting = new ManualTime { AtWait = held.Dispose };

        Assert.Throws<OperationCanceledException>(() =>
            FileLock.Exclusive(here["lock"], "x", Timeout.InfiniteTimeSpan, stopping, null, stop.Token));
        using var taken = FileLock.Exclusive(here["lock"], "x", Second, letting, null, TestContext.Current.CancellationToken);

        Assert.Equal(1, letting.Waits);
    }

    [Fact]
    public void Without_time_to_wait_it_is_tried_once()
    {
        using var here = new TestDirectory();
        using var held = FileLock.TryExclusive(here["lock"], "x");
        var time = new ManualTime();

        Assert.Throws<LockBusyException>(() => FileLock.Shared(here["lock"], "y", TimeSpan.Zero, time));

        Assert.Equal(0, time.Waits);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_process_is_excluded_named_and_lets_go_when_it_is_killed(bool isExclusive)
    {
        using var here = new TestDirectory();
        using var other = new OtherHolder(here, isExclusive);
        Assert.Equal("held", other.State);

        Assert.Null(FileLock.TryExclusive(here["lock"], "x"));
        using (var shared = FileLock.TryShared(here["lock"], "y"))
        {
            Assert.Equal(isExclusive, shared is null);
        }
        var holder = FileLock.ReadHolder(here["lock"])!;
        Assert.Equal(other.ProcessId, holder.ProcessId);
        Assert.Contains("uppet", holder.Command, StringComparison.Ordinal);

        other.Kill();

        Assert.Null(FileLock.ReadHolder(here["lock"]));
        using var taken = FileLock.TryExclusive(here["lock"], "x");
        Assert.NotNull(taken);
        Assert.Equal("x", FileLock.ReadHolder(here["lock"])!.Command);
    }

    [Fact]
    public void Of_a_holder_that_is_stopped_it_is_said_and_how_it_goes_on()
    {
        using var here = new TestDirectory();
        using var other = new OtherHolder(here, isExclusive: true);
        Assert.Equal("held", other.State);
        other.Stop();

        var e = Assert.Throws<LockBusyException>(() => FileLock.Exclusive(here["lock"], "x", TimeSpan.Zero, new ManualTime()));
        other.GoOn();

        Assert.True(e.Holder!.IsStopped);
        Assert.EndsWith(", which is stopped", e.Message, StringComparison.Ordinal);
        Assert.Equal($"kill -CONT {other.ProcessId}", e.Hint);
    }

    [Fact]
    public void Another_process_finds_our_lock_busy()
    {
        using var here = new TestDirectory();
        using var held = FileLock.TryExclusive(here["lock"], "x");
        using var other = new OtherHolder(here, isExclusive: false);

        Assert.Equal("busy", other.State);
    }

    [Fact]
    public void A_text_left_by_a_dead_process_is_not_believed()
    {
        using var here = new TestDirectory();
        here.Write("lock", "999999999 pm gc\n");
        Assert.Null(FileLock.ReadHolder(here["lock"]));

        // Shared holders that came after a killed one: the kernel knows better than the text.
        using var held = FileLock.TryShared(here["lock"], "pm list");
        File.WriteAllText(here["lock"], "999999999 pm gc\n");

        Assert.Equal(Environment.ProcessId, FileLock.ReadHolder(here["lock"])!.ProcessId);
    }

    [Fact]
    public void The_file_stays_and_is_closed_to_others()
    {
        using var here = new TestDirectory();

        FileLock.TryExclusive(here["lock"], "x")!.Dispose();

        var status = here.Handle.Status("lock")!.Value;
        Assert.Equal((Octal.Mode("600"), 0L), (status.Mode, status.Size));
        Assert.Null(FileLock.ReadHolder(here["lock"]));
        Assert.Null(FileLock.ReadHolder(here["none"]));
    }

    [Fact]
    public void A_link_in_its_place_is_not_followed()
    {
        using var here = new TestDirectory();
        here.Write("victim", "kept");
        here.Handle.Symlink("victim", "lock");

        Assert.Throws<SystemCallException>(() => FileLock.TryExclusive(here["lock"], "x"));

        Assert.Equal("kept", File.ReadAllText(here["victim"]));
    }

    [Fact]
    public void A_lock_that_may_only_be_read_can_still_be_taken()
    {
        if (SystemUser.IsRoot)
        {
            Assert.Skip("root may write everything");
        }
        using var here = new TestDirectory();
        here.Write("lock", "");
        here.Handle.SetMode("lock", Octal.Mode("400"));

        using var held = FileLock.TryShared(here["lock"], "x");

        Assert.NotNull(held);
    }

    static FileLock? Take(string path, bool isExclusive) =>
        isExclusive ? FileLock.TryExclusive(path, "x") : FileLock.TryShared(path, "x");
}

using Pm.Remotes.Http;
using Pm.Simulation;
using Xunit;

namespace Pm.Remotes.Tests.Http;

public sealed class TransferWatchTests : IDisposable
{
    static readonly TransferLimits Limits = new();

    readonly ManualClock _clock = new();
    readonly TransferWatch _watch;

    public TransferWatchTests() => _watch = new TransferWatch(_clock, Limits, Limits.Deadline(1 << 20));

    public void Dispose() => _watch.Dispose();

    [Fact]
    public void A_stall_is_found_after_a_window()
    {
        _watch.BeginWait();
        _clock.Advance(Limits.Window - TimeSpan.FromSeconds(1));
        Assert.False(_watch.Token.IsCancellationRequested);

        _clock.Advance(Limits.Window / 6);

        Assert.True(_watch.Token.IsCancellationRequested);
        Assert.Equal("expected at least 30720 bytes in 30 seconds, got 0", _watch.Verdict);
    }

    [Theory]
    [InlineData(1000, true)]
    [InlineData(1100, false)]
    public void The_average_over_a_window_decides(int bytesPerSecond, bool isTooSlow)
    {
        for (var second = 0; second < 300; second++)
        {
            _watch.BeginWait();
            _clock.Advance(TimeSpan.FromSeconds(1));
            _watch.EndWait(bytesPerSecond);
        }

        Assert.Equal(isTooSlow, _watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void Only_waiting_counts()
    {
        for (var hour = 0; hour < 100; hour++)
        {
            _watch.BeginWait();
            _watch.EndWait(1);
            _clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.False(_watch.Token.IsCancellationRequested);
    }

    [Fact]
    public void A_file_has_a_deadline_that_grows_with_its_length()
    {
        for (var step = 0; step < 100; step++)
        {
            _watch.BeginWait();
            _clock.Advance(TimeSpan.FromSeconds(10));
            _watch.EndWait(1 << 20);
        }

        Assert.Equal("expected the file within 14 minutes", _watch.Verdict);
        Assert.Equal(TimeSpan.FromDays(1), Limits.Deadline(long.MaxValue));
        Assert.Equal(Limits.Grace, Limits.Deadline(0));
    }

    [Fact]
    public void What_was_waited_before_counts()
    {
        var waited = new WaitedTime { Total = Limits.Grace };
        using var watch = new TransferWatch(_clock, Limits, Limits.Deadline(0), waited);
        watch.BeginWait();

        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal("expected the file within 10 minutes", watch.Verdict);
        Assert.Equal(Limits.Grace + TimeSpan.FromSeconds(5), waited.Total);
    }

    [Theory]
    [InlineData(1L << 28, 1L << 20, null, 856)]
    [InlineData(1L << 20, 1L << 28, null, 856)]
    [InlineData(1L << 20, null, null, 856)]
    [InlineData(1L << 28, 1L << 28, 1, 3600)]
    [InlineData(1L << 28, 1L << 20, 1, 856)]
    public void What_is_announced_counts_where_it_is_less_and_what_nobody_signed_has_an_end(long allowed, long? announced, int? hours, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Limits.Deadline(
            new FetchRequest("x", allowed) { LongestTime = hours is { } some ? TimeSpan.FromHours(some) : null }, announced));

    [Fact]
    public void Whoever_ends_while_it_is_judged_ends_in_peace()
    {
        TransferWatch? watch = null;
        var clock = new WatchedClock(_clock) { TimerDisposed = () => watch!.Dispose() };
        watch = new TransferWatch(clock, Limits, Limits.Deadline(1 << 20));
        watch.BeginWait();

        // The timer is ended between the verdict and the cancellation: just then the reader goes.
        _clock.Advance(Limits.Window * 2);

        Assert.NotNull(watch.Verdict);
    }

    /// <summary>Tells when a timer is disposed, the first time.</summary>
    sealed class WatchedClock(TimeProvider clock) : TimeProvider
    {
        public Action? TimerDisposed { get; set; }

        public override long TimestampFrequency => clock.TimestampFrequency;

        public override long GetTimestamp() => clock.GetTimestamp();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new WatchedTimer(this, clock.CreateTimer(callback, state, dueTime, period));

        sealed class WatchedTimer(WatchedClock clock, ITimer timer) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                var told = clock.TimerDisposed;
                clock.TimerDisposed = null;
                told?.Invoke();
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}

namespace Pm.Simulation;

/// <summary>A clock that a test moves; its timers run inside <see cref="Advance"/>, on the test's thread.</summary>
public sealed class ManualClock : TimeProvider
{
    readonly Lock _lock = new();
    readonly List<Timer> _timers = [];
    readonly List<(Func<Timer, bool> IsAwaited, TaskCompletionSource Seen)> _awaited = [];
    DateTimeOffset _now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    /// <summary>A wait of this length is never over by the clock: what it limits is real and ends by itself.</summary>
    public TimeSpan? Exempt { get; init; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Moves the time; what is due meanwhile runs in its order.</summary>
    public void Advance(TimeSpan time)
    {
        var end = GetUtcNow() + time;
        while (TakeDue(end) is { } due)
        {
            due.Run();
        }

        lock (_lock)
        {
            _now = end;
        }
    }

    /// <summary>
    /// Waits until somebody waits for a time of that range, counted from when he began: a long wait that is almost over is none of them.
    /// </summary>
    public Task WhenAwaitedAsync(TimeSpan least, TimeSpan most) => WhenAsync(timer => timer.Length >= least && timer.Length <= most);

    /// <summary>Waits until somebody waits for just this time who began at this moment of the clock.</summary>
    public Task WhenBegunAsync(TimeSpan time) => WhenAsync(timer => timer.Length == time && timer.Due == _now + time);

    Task WhenAsync(Func<Timer, bool> isAwaited)
    {
        lock (_lock)
        {
            var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_timers.Any(timer => timer.Due is not null && isAwaited(timer)))
            {
                seen.SetResult();
            }
            else
            {
                _awaited.Add((isAwaited, seen));
            }

            return seen.Task;
        }
    }

    Timer? TakeDue(DateTimeOffset end)
    {
        lock (_lock)
        {
            var next = _timers.Where(t => t.Due <= end).MinBy(t => t.Due);
            if (next is not null)
            {
                _now = next.Due!.Value;
                next.Reschedule();
            }

            return next;
        }
    }

    sealed class Timer(ManualClock clock, TimerCallback callback, object? state) : ITimer
    {
        TimeSpan _period;

        public DateTimeOffset? Due { get; private set; }

        /// <summary>What it was set to.</summary>
        public TimeSpan Length { get; private set; }

        public void Run() => callback(state);

        public void Reschedule() => (Due, Length) = _period > TimeSpan.Zero ? (Due + _period, _period) : (null, Length);

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._lock)
            {
                (Length, _period) = (dueTime, period);
                Due = dueTime < TimeSpan.Zero || dueTime == clock.Exempt ? null : clock._now + dueTime;
                if (!clock._timers.Contains(this))
                {
                    clock._timers.Add(this);
                }

                foreach (var awaited in clock._awaited.Where(awaited => Due is not null && awaited.IsAwaited(this)).ToList())
                {
                    clock._awaited.Remove(awaited);
                    awaited.Seen.TrySetResult();
                }
            }

            return true;
        }

        public void Dispose()
        {
            lock (clock._lock)
            {
                Due = null;
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}

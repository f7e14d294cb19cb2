namespace Pm.Linux.Tests;

/// <summary>A clock that is moved by waiting: each timer fires at once and moves it to when it was due.</summary>
sealed class ManualTime : TimeProvider
{
    long _ticks;

    public int Waits { get; private set; }

    public Action? AtWait { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Waits++;
        _ticks += dueTime.Ticks;
        AtWait?.Invoke();
        callback(state);
        return new Spent();
    }

    sealed class Spent : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}

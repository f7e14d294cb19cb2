namespace Pm.Daemon.Tests.Publishing;

/// <summary>Real time, but short waits are over at once: those before something is tried again.</summary>
sealed class HurriedClock : TimeProvider
{
    static readonly TimeSpan Short = TimeSpan.FromSeconds(9);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime <= Short && dueTime > TimeSpan.Zero ? TimeSpan.Zero : dueTime, period);
}

namespace Pm.Daemon.Tests;

/// <summary>A clock by which everything takes a hundred times as long, and every wait is over in a hundredth.</summary>
sealed class HastyTime : TimeProvider
{
    const int Haste = 100;

    public override long GetTimestamp() => System.GetTimestamp() * Haste;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        System.CreateTimer(callback, state, dueTime / Haste, period / Haste);
}

namespace Pm.Linux;

/// <summary>Waiting for a lock that another has: it is tried again and again, so that the wait has an end and can be ended. flock(2) itself knows neither.</summary>
static class LockWait
{
    /// <param name="path">What is locked, for the message.</param>
    /// <param name="attempt">Null: another has it.</param>
    /// <param name="holder">Who has it.</param>
    /// <param name="timeout">How long at most; it is tried at least once.</param>
    /// <param name="time">The clock.</param>
    /// <param name="waiting">Told once who is waited for.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="LockBusyException">It was not to be had in time.</exception>
    public static T For<T>(
        string path, Func<T?> attempt, Func<LockHolder?> holder, TimeSpan timeout, TimeProvider time, Action<LockHolder?>? waiting, CancellationToken cancellation)
        where T : class
    {
        var start = time.GetTimestamp();
        for (var isFirst = true; ; isFirst = false)
        {
            cancellation.ThrowIfCancellationRequested();
            if (attempt() is { } taken)
            {
                return taken;
            }

            var waited = time.GetElapsedTime(start);
            if (timeout != Timeout.InfiniteTimeSpan && waited >= timeout)
            {
                throw new LockBusyException(path, holder(), waited);
            }

            if (isFirst)
            {
                waiting?.Invoke(holder());
            }

            Pause(time, cancellation);
        }
    }

    static void Pause(TimeProvider time, CancellationToken cancellation)
    {
        using var isOver = new ManualResetEventSlim();
        using var timer = time.CreateTimer(
            state => ((ManualResetEventSlim)state!).Set(), isOver, FileLock.PollInterval, Timeout.InfiniteTimeSpan);
        isOver.Wait(cancellation);
    }
}

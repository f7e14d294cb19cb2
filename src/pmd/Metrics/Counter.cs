namespace Pm.Daemon.Metrics;

/// <summary>A number that only grows.</summary>
sealed class Counter
{
    long _value;

    public long Value => Volatile.Read(ref _value);

    public void Add(long amount = 1) => Interlocked.Add(ref _value, amount);
}

namespace Pm.Daemon.Metrics;

/// <summary>How often a time was at most so long.</summary>
sealed class Histogram
{
    static readonly double[] BoundsInSeconds = [0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30];

    readonly long[] _counts = new long[BoundsInSeconds.Length + 1];
    long _ticks;

    public static IReadOnlyList<double> Bounds => BoundsInSeconds;

    public double SumInSeconds => TimeSpan.FromTicks(Volatile.Read(ref _ticks)).TotalSeconds;

    public void Add(TimeSpan time)
    {
        var at = 0;
        while (at < BoundsInSeconds.Length && time.TotalSeconds > BoundsInSeconds[at])
        {
            at++;
        }

        Interlocked.Increment(ref _counts[at]);
        Interlocked.Add(ref _ticks, time.Ticks);
    }

    /// <summary>Of all times up to that bound; the last is of all.</summary>
    public long CountUpTo(int bound)
    {
        long sum = 0;
        for (var at = 0; at <= bound; at++)
        {
            sum += Volatile.Read(ref _counts[at]);
        }

        return sum;
    }
}

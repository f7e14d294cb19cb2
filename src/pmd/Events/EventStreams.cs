namespace Pm.Daemon.Events;

/// <summary>How many listen for events; each holds a connection for as long as it likes.</summary>
sealed class EventStreams(IHostApplicationLifetime lifetime)
{
    public const int Maximum = 1000;

    int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>They would else keep the server from stopping.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Null: there are enough. Disposed at the end.</summary>
    public IDisposable? TryBegin()
    {
        if (Interlocked.Increment(ref _count) <= Maximum)
        {
            return new Stream(this);
        }

        Interlocked.Decrement(ref _count);
        return null;
    }

    sealed class Stream(EventStreams streams) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref streams._count);
    }
}

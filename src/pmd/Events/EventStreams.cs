using System.Net;
using Pm.Repositories.Tokens;

namespace Pm.Daemon.Events;

/// <summary>How many listen for events; each holds a connection for as long as it likes. No address takes all of them.</summary>
sealed class EventStreams(IHostApplicationLifetime lifetime)
{
    public const int Maximum = 1000;

    /// <summary>Of one address: many developers may sit behind it.</summary>
    public const int MaximumOfAddress = 100;

    readonly Lock _gate = new();
    readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    int _count;

    public int Count => Volatile.Read(ref _count);

    /// <summary>They would else keep the server from stopping.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

    /// <summary>Null: there are enough. Disposed at the end.</summary>
    /// <param name="address">Null: of nobody in particular, behind a unix socket.</param>
    public IDisposable? TryBegin(IPAddress? address)
    {
        var key = RateLimit.KeyOf(address);
        lock (_gate)
        {
            var others = _counts.GetValueOrDefault(key);
            if (_count >= Maximum || (address is not null && others >= MaximumOfAddress))
            {
                return null;
            }

            _counts[key] = others + 1;
            _count++;
            return new Stream(this, key);
        }
    }

    void End(string key)
    {
        lock (_gate)
        {
            _count--;
            if (--_counts[key] == 0)
            {
                _counts.Remove(key);
            }
        }
    }

    sealed class Stream(EventStreams streams, string key) : IDisposable
    {
        public void Dispose() => streams.End(key);
    }
}

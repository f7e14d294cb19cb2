using System.Collections.Concurrent;
using Pm.Daemon.Settings;

namespace Pm.Daemon.Direct;

/// <summary>The connections that are answered directly, each with the moment until which its client may take its time.</summary>
sealed class DirectClients : IDisposable
{
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>Before the rate of a client counts.</summary>
    static readonly TimeSpan RateGrace = TimeSpan.FromSeconds(5);

    readonly ConcurrentDictionary<DirectConnection, bool> _all = new();
    readonly TimeProvider _time;
    readonly ITimer _look;
    readonly int _minimumRate;

    public DirectClients(TimeProvider time, DaemonSettings settings)
    {
        _time = time;
        _minimumRate = settings.MinimumRate;
        _look = time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
    }

    public void Add(DirectConnection connection) => _all[connection] = true;

    public void Remove(DirectConnection connection) => _all.TryRemove(connection, out _);

    /// <summary>What <see cref="DirectConnection.Deadline"/> is compared with.</summary>
    public long In(TimeSpan time) => _time.GetTimestamp() + (long)(time.TotalSeconds * _time.TimestampFrequency);

    /// <summary>For a client to take so many bytes that the kernel takes no more of.</summary>
    public long ForSending(int bytes) =>
        _minimumRate == 0 ? long.MaxValue : In(RateGrace + TimeSpan.FromSeconds((double)bytes / _minimumRate));

    public void Dispose() => _look.Dispose();

    void Look()
    {
        var now = _time.GetTimestamp();
        foreach (var (connection, _) in _all)
        {
            if (connection.Deadline < now)
            {
                connection.Expire();
            }
        }
    }
}

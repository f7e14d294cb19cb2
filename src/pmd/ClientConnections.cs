using System.Net;
using Microsoft.AspNetCore.Connections;
using Pm.Daemon.Metrics;
using Pm.Daemon.Settings;
using Pm.Repositories.Serving;

namespace Pm.Daemon;

/// <summary>The connections that are open, by the addresses that they come from; a proxy that is trusted speaks for many.</summary>
sealed class ClientConnections(DaemonSettings settings, MetricSet metrics)
{
    readonly AddressShares _shares = new(settings.ClientConnections);
    readonly Counter _refused = metrics.Counter("pmd_connections_refused_total", "Connections that were closed because their address had its share.");

    public int Count => _shares.Count;

    /// <summary>Null: its address has its share.</summary>
    public IDisposable? TryEnter(ConnectionContext connection)
    {
        var address = (connection.RemoteEndPoint as IPEndPoint)?.Address;
        var isProxy = address is not null && settings.TrustedProxies.Any(proxy => proxy.MapToIPv6().Equals(address.MapToIPv6()));
        if (_shares.TryEnter(isProxy ? null : address) is { } place)
        {
            return place;
        }

        _refused.Add();
        return null;
    }
}

using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Pm.Remotes.Http;

/// <summary>Makes connections, and knows which of the hosts are this machine itself.</summary>
sealed class Dialer(HttpSettings settings)
{
    readonly ConcurrentDictionary<string, bool> _isLocal = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Places that answered in this run: one that refuses later is starting again.</summary>
    readonly ConcurrentDictionary<DnsEndPoint, bool> _answered = new();

    /// <summary>Whether the host was reached at an address of this machine or its link; null where nobody dialled it yet.</summary>
    public bool? IsLocal(string host) => _isLocal.TryGetValue(host, out var isLocal) ? isLocal : null;

    /// <summary>Connects to the first of a host's addresses that answers.</summary>
    /// <param name="place">Host and port.</param>
    /// <param name="refusesLocal">Whether a stranger named it, who must not lead pm to this machine's own services.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="RemoteException">PM6003: none answered; PM6014: refused.</exception>
    public async ValueTask<Stream> DialAsync(DnsEndPoint place, bool refusesLocal, CancellationToken cancellation)
    {
        var addresses = await ResolveAsync(place.Host, cancellation);
        if (refusesLocal && addresses.FirstOrDefault(settings.IsLocal) is { } local)
        {
            throw new RemoteException("PM6014", $"a redirect leads to {place.Host}, which is {local} on this machine or its link: refused");
        }

        SocketException? last = null;
        foreach (var address in addresses)
        {
            try
            {
                var stream = await ConnectAsync(new IPEndPoint(address, place.Port), addresses.Length, cancellation);
                _isLocal[place.Host] = settings.IsLocal(address);
                _answered[place] = true;
                return stream;
            }
            catch (SocketException e)
            {
                last = e;
            }
        }

        throw new RemoteException("PM6003", $"connect to {place.Host} port {place.Port}: {HttpFailure.Plain(last!.Message)}", inner: last)
        {
            IsTransient = last.SocketErrorCode is SocketError.TimedOut or SocketError.ConnectionReset or SocketError.HostUnreachable
                || (last.SocketErrorCode is SocketError.ConnectionRefused && _answered.ContainsKey(place)),
        };
    }

    async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        try
        {
            var addresses = await settings.Resolve(host, cancellation);
            return addresses.Length > 0 ? addresses : throw new SocketException((int)SocketError.NoData);
        }
        catch (SocketException e)
        {
            throw new RemoteException("PM6003", $"host `{Trust.ShownText.Of(host)}`: {HttpFailure.Plain(e.Message)}", inner: e)
            {
                IsTransient = e.SocketErrorCode is SocketError.TryAgain,
            };
        }
    }

    /// <summary>Each address has its share of the time, so that one that swallows everything does not take all of it.</summary>
    async Task<Stream> ConnectAsync(IPEndPoint address, int shares, CancellationToken cancellation)
    {
        if (settings.Connect is { } connect)
        {
            return connect(address);
        }

        using var limit = new CancellationTokenSource(settings.ConnectTimeout / shares, settings.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

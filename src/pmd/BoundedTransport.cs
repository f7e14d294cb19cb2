using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Pm.Daemon.Settings;

namespace Pm.Daemon;

/// <summary>
/// Sockets, with a limit before a connection is accepted: the web server closes what is above its own only afterwards, and a
/// crowd that comes at once would meanwhile take every descriptor, without which the runtime ends the process.
/// </summary>
sealed class BoundedTransport(SocketTransportFactory sockets, DaemonSettings settings, ClientConnections clients) : IConnectionListenerFactory, IConnectionListenerFactorySelector, IDisposable
{
    /// <summary>Connections above the web server's limit, on their way to be closed, and those that listeners wait for.</summary>
    public const int Overshoot = 32;

    readonly SemaphoreSlim _room = new(settings.MaximumConnections + Overshoot);

    /// <summary>Puts itself before the transport that is registered.</summary>
    public static void Decorate(IServiceCollection services)
    {
        services.Remove(services.Last(service => service.ServiceType == typeof(IConnectionListenerFactory)));
        services.AddSingleton<SocketTransportFactory>();
        services.AddSingleton<IConnectionListenerFactory, BoundedTransport>();
    }

    public bool CanBind(EndPoint endpoint) => sockets.CanBind(endpoint);

    public async ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default) =>
        new Listener(await sockets.BindAsync(endpoint, cancellationToken), _room, clients);

    public void Dispose() => _room.Dispose();

    sealed class Listener(IConnectionListener inner, SemaphoreSlim room, ClientConnections clients) : IConnectionListener
    {
        readonly CancellationTokenSource _end = new();

        public EndPoint EndPoint => inner.EndPoint;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            try
            {
                await room.WaitAsync(_end.Token);
            }
            catch (OperationCanceledException)
            {
                return null;
            }

            while (await inner.AcceptAsync(cancellationToken) is { } connection)
            {
                if (clients.TryEnter(connection) is { } place)
                {
                    connection.ConnectionClosed.UnsafeRegister(static place => ((IDisposable)place!).Dispose(), place);
                    connection.ConnectionClosed.UnsafeRegister(static room => Release((SemaphoreSlim)room!), room);
                    return connection;
                }

                // Its address has its share: the place goes to the next one that comes.
                connection.Abort(new ConnectionAbortedException("too many connections of one address"));
                await connection.DisposeAsync();
            }

            room.Release();
            return null;
        }

        static void Release(SemaphoreSlim room)
        {
            try
            {
                room.Release();
            }
            catch (ObjectDisposedException)
            {
                // The server is gone, and this one was cut off.
            }
        }

        public async ValueTask UnbindAsync(CancellationToken cancellationToken = default)
        {
            await _end.CancelAsync();
            await inner.UnbindAsync(cancellationToken);
        }

        public async ValueTask DisposeAsync()
        {
            _end.Dispose();
            await inner.DisposeAsync();
        }
    }
}

using System.Net;
using System.Net.Sockets;
using Pm.Repositories.Serving;

namespace Pm.Repositories.StaticServing;

/// <summary>
/// A small server of files: GET and HEAD, ranges and conditions, over HTTP/1.1 and nothing else. What a file is and which
/// bytes of it are sent is decided as in pmd.
/// </summary>
public sealed class StaticServer : IDisposable
{
    const int Backlog = 512;

    /// <summary>How long a replaced directory may go unnoticed.</summary>
    static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    /// <summary>After an accept that failed: descriptors may be short for a moment.</summary>
    static readonly TimeSpan AcceptPause = TimeSpan.FromMilliseconds(100);

    readonly RepositorySet _repositories;
    readonly StaticOptions _options;
    readonly List<Socket> _listeners = [];
    readonly SemaphoreSlim _room;
    readonly DateText _date;
    readonly AddressShares _shares;

    StaticServer(RepositorySet repositories, StaticOptions options)
    {
        _repositories = repositories;
        _options = options;
        _date = new DateText(options.Time);
        _shares = new AddressShares(options.MaximumClientConnections);
        _room = new SemaphoreSlim(options.MaximumConnections);
    }

    /// <summary><c>http://127.0.0.1:8083</c>, <c>http://unix:/run/pm.sock</c></summary>
    public IReadOnlyList<string> Addresses => [.. _listeners.Select(listener => listener.LocalEndPoint switch
    {
        UnixDomainSocketEndPoint unix => $"http://unix:{unix}",
        var point => $"http://{point}",
    })];

    /// <summary>Listens; <see cref="RunAsync"/> answers.</summary>
    /// <exception cref="RepositoryException">PM5204: an address is taken or not allowed.</exception>
    public static StaticServer Listen(RepositorySet repositories, IEnumerable<ListenAddress> addresses, StaticOptions options)
    {
        ArgumentNullException.ThrowIfNull(addresses);
        ArgumentNullException.ThrowIfNull(options);
        var server = new StaticServer(repositories, options);
        try
        {
            foreach (var address in addresses)
            {
                address.Prepare();
                server.Listen(address);
            }

            return server;
        }
        catch
        {
            server.Dispose();
            throw;
        }
    }

    /// <summary>Until <paramref name="stop"/>; then answers in flight are let end.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        using var kill = new CancellationTokenSource();
        using var look = _options.Time.CreateTimer(_ => Look(), null, LookInterval, LookInterval);
        await Task.WhenAll(_listeners.Select(listener => AcceptAsync(listener, stop, kill.Token)));
        _listeners.ForEach(listener => listener.Dispose());
        using var end = _options.Time.CreateTimer(_ => kill.Cancel(), null, _options.StopTimeout, Timeout.InfiniteTimeSpan);
        for (var connection = 0; connection < _options.MaximumConnections; connection++)
        {
            // When all room is there again, no connection is.
            await _room.WaitAsync(CancellationToken.None);
        }
    }

    public void Dispose()
    {
        _listeners.ForEach(listener => listener.Dispose());
        _room.Dispose();
    }

    void Listen(ListenAddress address)
    {
        try
        {
            foreach (var point in address.SocketPath is { } path ? [new UnixDomainSocketEndPoint(path)] : address.EndPoints().Cast<EndPoint>())
            {
                _listeners.Add(Bound(point));
            }
        }
        catch (SocketException error)
        {
            throw ListenAddress.Taken([address], error);
        }
    }

    static Socket Bound(EndPoint point)
    {
        var socket = new Socket(point.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            if (point is IPEndPoint { Address: var address } && address.Equals(IPAddress.IPv6Any))
            {
                socket.DualMode = true;
            }

            socket.Bind(point);
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    async Task AcceptAsync(Socket listener, CancellationToken stop, CancellationToken kill)
    {
        try
        {
            while (true)
            {
                await _room.WaitAsync(stop);
                if (await TryAcceptAsync(listener, stop) is { } client)
                {
                    _ = AnswerAsync(client, stop, kill);
                    continue;
                }

                _room.Release();
                await Task.Delay(AcceptPause, stop);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    static async Task<Socket?> TryAcceptAsync(Socket listener, CancellationToken stop)
    {
        try
        {
            return await listener.AcceptAsync(stop);
        }
        catch (Exception error) when (error is SocketException or OperationCanceledException)
        {
            return null;
        }
    }

    async Task AnswerAsync(Socket socket, CancellationToken stop, CancellationToken kill)
    {
        try
        {
            using var client = socket;
            using var place = _shares.TryEnter((socket.RemoteEndPoint as IPEndPoint)?.Address);
            if (place is null)
            {
                return;
            }

            using var connection = new StaticConnection(socket, _repositories, _options, _date);
            await connection.RunAsync(stop, kill);
        }
#pragma warning disable CA1031 // Whatever one connection dies of, the others go on.
        catch (Exception)
#pragma warning restore CA1031
        {
        }
        finally
        {
            _room.Release();
        }
    }

    void Look()
    {
        try
        {
            foreach (var repository in _repositories.All)
            {
                _ = repository.Refresh();
            }
        }
        catch (Pm.Linux.SystemCallException)
        {
            // It is looked for again; until then what is open is served.
        }
    }
}

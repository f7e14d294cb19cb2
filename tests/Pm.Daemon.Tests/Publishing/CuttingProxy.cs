using System.Net;
using System.Net.Sockets;

namespace Pm.Daemon.Tests.Publishing;

/// <summary>Stands between a client and a server, and cuts its first connections after so many bytes one way or the other.</summary>
sealed class CuttingProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Uri _server;
    readonly Task _loop;
    int _cuts;

    /// <param name="server">Where everything goes.</param>
    /// <param name="cuts">How many connections are cut; later ones are not.</param>
    /// <param name="asked">Bytes of the client that are let through.</param>
    /// <param name="answered">Bytes of the server that are let through.</param>
    public CuttingProxy(Uri server, int cuts, int asked = int.MaxValue, int answered = int.MaxValue)
    {
        _server = server;
        _cuts = cuts;
        _listener.Start();
        _loop = LoopAsync(asked, answered);
    }

    public Uri Address => new($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>How many were cut.</summary>
    public int Cut { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    async Task LoopAsync(int asked, int answered)
    {
        var connections = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptSocketAsync(_stop.Token);
                connections.Add(_cuts-- > 0 ? ServeAsync(client, asked, answered) : ServeAsync(client, int.MaxValue, int.MaxValue));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
        }

        await Task.WhenAll(connections);
    }

    async Task ServeAsync(Socket client, int asked, int answered)
    {
        using var _ = client;
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await server.ConnectAsync(_server.Host, _server.Port, _stop.Token);
            var isCut = await await Task.WhenAny(CopyAsync(client, server, asked), CopyAsync(server, client, answered));
            if (isCut)
            {
                Cut++;
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
        }
    }

    /// <returns>Whether it was cut, and did not end by itself.</returns>
    async Task<bool> CopyAsync(Socket from, Socket to, int most)
    {
        var buffer = new byte[512];
        for (var left = most; ;)
        {
            var read = await from.ReceiveAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return false;
            }

            await to.SendAsync(buffer.AsMemory(0, Math.Min(read, left)), _stop.Token);
            left -= read;
            if (left <= 0)
            {
                return true;
            }
        }
    }
}

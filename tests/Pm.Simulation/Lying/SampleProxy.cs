using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Pm.Simulation.Lying;

/// <summary>A proxy on loopback that leads every request to one server, whatever host it names; or refuses.</summary>
public sealed class SampleProxy : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentDictionary<Task, bool> _connections = new();
    readonly int _port;
    readonly Task _accepting;

    /// <param name="port">Of the server on loopback that everything leads to.</param>
    public SampleProxy(int port)
    {
        _port = port;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The first lines of the requests, and their credentials.</summary>
    public ConcurrentQueue<(string Line, string? Authorization)> Requests { get; } = new();

    /// <summary>The answer in place of every connection, e.g. <c>403 Forbidden</c>.</summary>
    public string? Refusal { get; set; }

    /// <summary>Credentials as they stand in the header; others are asked for them.</summary>
    public string? Wanted { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _listener.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var talk = TalkAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
                _connections[talk] = true;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    async Task TalkAsync(TcpClient client)
    {
        await Task.Yield();
        using var _ = client;
        try
        {
            await AnswerAsync(client.GetStream());
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // One of the two went away.
        }
    }

    async Task AnswerAsync(NetworkStream stream)
    {
        while (await HeadAsync(stream) is { } head)
        {
            var lines = head.Split("\r\n");
            var given = lines.FirstOrDefault(l => l.StartsWith("Proxy-Authorization: ", StringComparison.OrdinalIgnoreCase))?["Proxy-Authorization: ".Length..];
            Requests.Enqueue((lines[0], given));
            if (Refusal is not null || (Wanted is not null && given != Wanted))
            {
                var status = Refusal ?? "407 Proxy Authentication Required";
                await SendAsync(stream, $"HTTP/1.1 {status}\r\nContent-Length: 0\r\nProxy-Authenticate: Basic realm=\"sample\"\r\n\r\n");
                continue;
            }

            await ForwardAsync(stream, lines);
            return;
        }
    }

    async Task ForwardAsync(NetworkStream stream, string[] lines)
    {
        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
        var onward = server.GetStream();
        var words = lines[0].Split(' ');
        if (words[0] == "CONNECT")
        {
            await SendAsync(stream, "HTTP/1.1 200 Connection established\r\n\r\n");
        }
        else
        {
            lines[0] = $"{words[0]} {new Uri(words[1]).PathAndQuery} {words[2]}";
            await SendAsync(onward, string.Join("\r\n", lines));
        }

        await Task.WhenAny(stream.CopyToAsync(onward, _stop.Token), onward.CopyToAsync(stream, _stop.Token));
    }

    async Task<string?> HeadAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    async Task SendAsync(NetworkStream stream, string text) => await stream.WriteAsync(Encoding.Latin1.GetBytes(text), _stop.Token);
}

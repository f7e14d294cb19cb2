using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using Pm.Repositories.Serving;
using Pm.Repositories.StaticServing;

namespace Pm.Repositories.Tests.StaticServing;

/// <summary>The small server over a repository of its own, and a client that sends whatever a test likes.</summary>
sealed class RunningServer : IAsyncDisposable
{
    readonly RepositoryFixture _fixture = new();
    readonly CancellationTokenSource _stop = new();
    readonly StaticServer _server;
    readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false });

    public RunningServer(Func<StaticOptions, StaticOptions>? change = null)
    {
        var options = new StaticOptions { Time = TimeProvider.System, Log = Log.Enqueue };
        _server = StaticServer.Listen(
            RepositorySet.Open([$"main={_fixture.Path}"], _ => { }), [new ListenAddress("localhost", 0, null)], change?.Invoke(options) ?? options);
        Run = _server.RunAsync(_stop.Token);
    }

    public ConcurrentQueue<RequestRecord> Log { get; } = new();

    public Task Run { get; }

    public Uri Address => new(_server.Addresses[0]);

    public void Stop() => _stop.Cancel();

    public void Write(string file, byte[] content) => File.WriteAllBytes(System.IO.Path.Join(_fixture.Served, file), content);

    public byte[] Read(string file) => File.ReadAllBytes(System.IO.Path.Join(_fixture.Served, file));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(Address, path));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return _client.SendAsync(request);
    }

    /// <param name="from">An address of loopback; null: the usual one.</param>
    public async Task<Socket> ConnectAsync(string? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (from is not null)
        {
            socket.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Parse(from), 0));
        }

        await socket.ConnectAsync(Address.Host, Address.Port);
        return socket;
    }

    /// <summary>What these bytes are answered, until the server closes.</summary>
    public async Task<string> ExchangeAsync(params string[] pieces)
    {
        using var socket = await ConnectAsync();
        foreach (var piece in pieces)
        {
            await socket.SendAsync(Encoding.Latin1.GetBytes(piece));
        }

        return await ReadToEndAsync(socket);
    }

    public static async Task<string> ReadToEndAsync(Socket socket)
    {
        var text = new StringBuilder();
        var buffer = new byte[64 * 1024];
        try
        {
            for (int read; (read = await socket.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(30))) > 0;)
            {
                text.Append(Encoding.Latin1.GetString(buffer, 0, read));
            }
        }
        catch (SocketException)
        {
            // Cut off: what came before is what it said.
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        Stop();
        await Run;
        _server.Dispose();
        _stop.Dispose();
        _client.Dispose();
        _fixture.Dispose();
    }
}

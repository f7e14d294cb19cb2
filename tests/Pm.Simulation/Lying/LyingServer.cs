using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace Pm.Simulation.Lying;

/// <summary>
/// A web server on loopback that serves files from memory as any static one does, but for the paths whose answers a test
/// replaced by a <see cref="Lie"/>. It writes raw bytes, so that nothing keeps it from saying what no server may say.
/// </summary>
public sealed class LyingServer : IAsyncDisposable
{
    /// <summary>For which it says nothing, by <see cref="Time"/>. Of a length that nobody else waits for.</summary>
    public static readonly TimeSpan LongestStall = TimeSpan.FromSeconds(61.7);

    /// <summary>Between two bytes, where it is slow. Of a length that nobody else waits for.</summary>
    public static readonly TimeSpan SlowTick = TimeSpan.FromSeconds(25.3);

    readonly TcpListener _listener;
    readonly CancellationTokenSource _stop = new();
    readonly ConcurrentDictionary<Task, bool> _connections = new();
    readonly Func<string, byte[]?> _files;
    readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task _accepting;
    int _accepted;
    long _sent;

    /// <param name="files">The honest content of a path (unescaped, without the first slash), or null.</param>
    /// <param name="certificate">With its key: the server speaks TLS.</param>
    /// <param name="address">Of loopback: another one than 127.0.0.1 where a test needs two.</param>
    /// <param name="port">That of a server that ended, which starts again here; 0: any.</param>
    public LyingServer(Func<string, byte[]?> files, X509Certificate2? certificate = null, string address = "127.0.0.1", int port = 0)
    {
        _files = files;
        Certificate = certificate;
        _listener = new TcpListener(IPAddress.Parse(address), port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        Url = $"{(certificate is null ? "http" : "https")}://{address}:{Port}";
        _accepting = AcceptAsync();
    }

    /// <summary>Of a server of one file.</summary>
    public LyingServer(string path, byte[] content) : this(asked => asked == path ? content : null)
    {
    }

    public int Port { get; }

    /// <summary>Without a slash at its end.</summary>
    public string Url { get; }

    /// <summary>What was asked for, in order.</summary>
    public ConcurrentQueue<LyingRequest> Requests { get; } = new();

    /// <summary>The paths that are answered by a lie.</summary>
    public ConcurrentDictionary<string, Lie> Lies { get; } = new();

    /// <summary>The lie of every path that has no own.</summary>
    public Lie? LieAlways { get; set; }

    /// <summary>The paths that <see cref="LieAlways"/> is for.</summary>
    public Func<string, bool> LiesAbout { get; set; } = _ => true;

    /// <summary>The requests that <see cref="LieAlways"/> is for, besides.</summary>
    public Func<LyingRequest, bool> LiesTo { get; set; } = _ => true;

    /// <summary>What works its answers out, in place of files; null: nothing does.</summary>
    public Func<LyingRequest, ServedContent?>? Gateway { get; init; }

    /// <summary>Shown to who connects from now on.</summary>
    public X509Certificate2? Certificate { get; set; }

    /// <summary>The clock of a test that moves it while the server stalls; null: a stall ends with the test.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Bytes that were sent, also those that nobody took.</summary>
    public long SentBytes => Interlocked.Read(ref _sent);

    /// <summary>How many connections were made.</summary>
    public int Connections => _accepted;

    /// <summary>Ends when all of the last answer was written.</summary>
    public Task LastAnswer { get; private set; } = Task.CompletedTask;

    /// <summary>Ends when the first request is here.</summary>
    public Task WhenAskedAsync() => _asked.Task;

    public async ValueTask DisposeAsync()
    {
        if (_stop.IsCancellationRequested)
        {
            return;
        }

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
            while (!_stop.IsCancellationRequested)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                var talk = TalkAsync(client);
                _connections[talk] = true;
                _ = talk.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or InvalidOperationException)
        {
            // The test is over: a listener that was stopped since the last look accepts nobody.
        }
    }

    async Task TalkAsync(TcpClient client)
    {
        await Task.Yield();
        using var _ = client;
        client.NoDelay = true;
        try
        {
            await using var stream = await StreamAsync(client);
            var backlog = new PeerBacklog(client.Client);
            while (await LyingRequest.ReadAsync(stream, _stop.Token) is { } request)
            {
                Requests.Enqueue(request);
                var worked = Gateway?.Invoke(request);
                var answer = new LyingAnswer(request, client, stream, worked?.Content ?? _files(request.Path), _stop.Token)
                {
                    ContentType = worked?.Type,
                    Sent = count => Interlocked.Add(ref _sent, count),
                    Time = Time,
                    Backlog = backlog,
                };
                LastAnswer = LieFor(request)(answer);
                _asked.TrySetResult();
                await LastAnswer;
                if (answer.IsOver)
                {
                    break;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException or ObjectDisposedException or AuthenticationException)
        {
            // The client went away, which is what it should do with a liar.
        }
    }

    Lie LieFor(LyingRequest request) =>
        Lies.GetValueOrDefault(request.Path) ?? (LiesAbout(request.Path) && LiesTo(request) ? LieAlways : null) ?? Truth.TellAsync;

    async Task<Stream> StreamAsync(TcpClient client)
    {
        if (Certificate is not { } certificate)
        {
            return client.GetStream();
        }

        var encrypted = new SslStream(client.GetStream());

        // Offline: a server looks for its own issuer too, which is none of the client's doing.
        await encrypted.AuthenticateAsServerAsync(
            new SslServerAuthenticationOptions { ServerCertificateContext = SslStreamCertificateContext.Create(certificate, null, offline: true) }, _stop.Token);
        return encrypted;
    }
}

using Pm.Repositories.Serving;
using Pm.Repositories.StaticServing;

namespace Pm.Bench;

/// <summary>`pm serve --static` in this process, on loopback, that counts what it sends.</summary>
sealed class CountingServer : IDisposable
{
    readonly CancellationTokenSource _stop = new();
    readonly StaticServer _server;
    readonly Task _running;
    long _bytes;
    long _requests;

    internal CountingServer(string repository)
    {
        _server = StaticServer.Listen(
            RepositorySet.Open([repository], _ => { }), [new ListenAddress("127.0.0.1", 0, null)],
            new StaticOptions { Time = TimeProvider.System, Log = Count });
        _running = _server.RunAsync(_stop.Token);
    }

    internal string Url => _server.Addresses[0];

    /// <summary>What was sent and asked for since the last time.</summary>
    internal (long Bytes, long Requests) Take() => (Interlocked.Exchange(ref _bytes, 0), Interlocked.Exchange(ref _requests, 0));

    public void Dispose()
    {
        _stop.Cancel();
        _running.Wait();
        _server.Dispose();
        _stop.Dispose();
    }

    void Count(RequestRecord request)
    {
        Interlocked.Add(ref _bytes, request.Bytes);
        Interlocked.Increment(ref _requests);
    }
}

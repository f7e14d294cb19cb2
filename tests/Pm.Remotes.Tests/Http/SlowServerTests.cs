using System.Security.Cryptography;
using Pm.Blobs;
using Pm.Remotes.Http;
using Pm.Repositories.Tests;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Http;

/// <summary>A server that takes its time. The test moves the clock only while the client is known to wait.</summary>
public sealed class SlowServerTests : IAsyncDisposable
{
    static readonly byte[] Blob = RandomNumberGenerator.GetBytes(2000);
    static readonly MerkleRoot Root = MerkleRoot.Of(Blob);

    readonly ManualClock _clock = new() { Exempt = new HttpSettings().ConnectTimeout };
    readonly SemaphoreSlim _tick = new(0);
    readonly LyingServer _server = new($"blobs/{Root}", Blob);
    readonly TemporaryDirectory _directory = new();
    readonly Fetchers _fetchers;
    readonly RepositoryClient _client;

    public SlowServerTests()
    {
        _fetchers = new Fetchers(() => new HttpSettings { Time = _clock, Attempts = 1 });
        _client = new RepositoryClient("testing", _fetchers.Open(new RemoteDefinition("testing", RemoteUrl.Parse(_server.Url, "/"))), _directory["tuf"]);
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _fetchers.Dispose();
        await _server.DisposeAsync();
        _tick.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task An_answer_that_does_not_begin_is_not_waited_for()
    {
        _server.LieAlways = Lies.SilenceAsync;
        var opening = OpenAsync();
        await _server.WhenAskedAsync();

        _clock.Advance(TimeSpan.FromSeconds(29));
        Assert.False(opening.IsCompleted);
        _clock.Advance(TimeSpan.FromSeconds(1));

        await RefusedAsync(opening, "no answer within 30 seconds");
    }

    [Fact]
    public async Task Headers_byte_by_byte_are_not_waited_for()
    {
        _server.LieAlways = Lies.SlowHeaders(_tick.WaitAsync);
        var opening = OpenAsync();
        await _server.WhenAskedAsync();

        for (var second = 0; second < 30; second++)
        {
            Assert.False(opening.IsCompleted);
            _tick.Release();
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        await RefusedAsync(opening, "no answer within 30 seconds");
    }

    [Fact]
    public async Task A_body_byte_by_byte_is_not_waited_for()
    {
        _server.LieAlways = Lies.SlowBody(_tick.WaitAsync);
        await using var stream = await OpenAsync();
        var one = new byte[1];
        await stream.ReadExactlyAsync(one, Cancellation);

        for (var second = 0; second < 29; second++)
        {
            var next = stream.ReadAsync(one, Cancellation).AsTask();
            _clock.Advance(TimeSpan.FromSeconds(1));
            _tick.Release();
            Assert.Equal(1, await next);
        }

        var last = stream.ReadAsync(one, Cancellation).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(last, "too slow: expected at least 30720 bytes in 30 seconds, got 30");
    }

    [Fact]
    public async Task A_stall_before_the_end_is_not_waited_for()
    {
        _server.LieAlways = Lies.StallAsync;
        await using var stream = await OpenAsync();
        await stream.ReadExactlyAsync(new byte[Blob.Length - 1], Cancellation);

        var last = stream.ReadAsync(new byte[1], Cancellation).AsTask();
        _clock.Advance(TimeSpan.FromSeconds(35));

        await RefusedAsync(last, "too slow: expected at least 30720 bytes in 30 seconds, got 1999");
    }

    [Fact]
    public async Task Cancelling_ends_the_waiting_at_once()
    {
        _server.LieAlways = Lies.StallAsync;
        using var stop = new CancellationTokenSource();
        await using var stream = await OpenAsync();
        await stream.ReadExactlyAsync(new byte[Blob.Length - 1], Cancellation);
        var last = stream.ReadAsync(new byte[1], stop.Token).AsTask();

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => last);
    }

    Task<VerifiedStream> OpenAsync() => _client.OpenBlobAsync(Root, Blob.Length, Cancellation);

    async Task RefusedAsync(Task waiting, string words)
    {
        var refused = await Assert.ThrowsAsync<RemoteException>(() => waiting);

        Assert.Equal("PM6003", refused.Code);
        Assert.Equal($"{_server.Url}/blobs/{Root}: {words}", refused.Message);
        Assert.Single(_server.Requests);
    }
}

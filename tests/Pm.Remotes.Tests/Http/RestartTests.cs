using System.Security.Cryptography;
using Pm.Blobs;
using Pm.Remotes.Downloads;
using Pm.Remotes.Http;
using Pm.Repositories.Tests;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Http;

/// <summary>A server that goes away in the midst of a download, and may come back.</summary>
public sealed class RestartTests : IAsyncDisposable
{
    static readonly byte[] Blob = RandomNumberGenerator.GetBytes(PartialFiles.SmallestKept * 2);
    static readonly MerkleRoot Root = MerkleRoot.Of(Blob);

    readonly ManualClock _clock = new() { Exempt = new HttpSettings().ConnectTimeout };
    readonly TemporaryDirectory _directory = new();
    readonly LyingServer _server = new($"blobs/{Root}", Blob) { LieAlways = HalfAsync };
    readonly Fetchers _fetchers;
    readonly RepositoryClient _client;
    LyingServer? _again;

    public RestartTests()
    {
        _fetchers = new Fetchers(() => new HttpSettings { Time = _clock, Random = new Random(1) });
        _client = new RepositoryClient("testing", _fetchers.Open(new RemoteDefinition("testing", RemoteUrl.Parse(_server.Url, "/"))), _directory["tuf"])
        {
            Partials = new PartialFiles(_directory["partial"]),
        };
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _fetchers.Dispose();
        await _server.DisposeAsync();
        await (_again?.DisposeAsync() ?? ValueTask.CompletedTask);
        _directory.Dispose();
    }

    [Fact]
    public async Task A_server_that_starts_again_is_waited_for()
    {
        var reading = ReadAsync();
        await WaitsAsync(reading);
        await _server.DisposeAsync();

        // Refused once and twice: then it is there again.
        await PassAsync(reading);
        await PassAsync(reading);
        _again = new LyingServer(path => path == $"blobs/{Root}" ? Blob : null, port: _server.Port);
        await PassAsync(reading);

        Assert.Equal(Blob, await reading);
        Assert.Equal($"bytes={Blob.Length / 2}-", Assert.Single(_again.Requests).Headers["range"]);
    }

    [Fact]
    public async Task Where_it_stays_away_what_came_is_kept_and_that_is_said()
    {
        var reading = ReadAsync();
        await WaitsAsync(reading);
        await _server.DisposeAsync();
        while (!reading.IsCompleted)
        {
            await PassAsync(reading);
        }

        var failed = await Assert.ThrowsAsync<RemoteException>(() => reading);

        Assert.Equal("PM6003", failed.Code);
        Assert.Contains("onnection refused", failed.Message, StringComparison.Ordinal);
        Assert.Equal($"what came of it is kept: the same command goes on there; pm doctor {_server.Url}/", failed.Hint);
        Assert.Equal(Blob.Length / 2, Assert.Single(_client.Partials!.Parts()).Size);
    }

    static async Task HalfAsync(LyingAnswer answer)
    {
        await answer.SendHeadAsync("200 OK", $"Content-Length: {Blob.Length}");
        await answer.SendAsync(Blob.AsMemory(0, Blob.Length / 2));
        answer.IsOver = true;
    }

    async Task<byte[]> ReadAsync()
    {
        await using var download = _client.DownloadBlob(new WantedBlob(Root, Blob.Length, null));
        using var buffer = new MemoryStream();
        await download.CopyToAsync(buffer, Cancellation);
        return buffer.ToArray();
    }

    /// <summary>Until somebody waits before he asks again.</summary>
    Task<Task> WaitsAsync(Task reading) => Task.WhenAny(reading, _clock.WhenAwaitedAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2)));

    /// <summary>That time passes, and whoever asked again waits once more, or is done.</summary>
    async Task PassAsync(Task reading)
    {
        _clock.Advance(TimeSpan.FromSeconds(2));
        await WaitsAsync(reading);
    }
}

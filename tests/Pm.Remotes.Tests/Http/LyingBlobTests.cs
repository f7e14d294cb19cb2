using System.Security.Cryptography;
using Pm.Blobs;
using Pm.Remotes.Http;
using Pm.Repositories.Tests;
using Pm.Simulation;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Http;

/// <summary>
/// A blob of a known name and signed length from a server that lies (reference: lies an HTTP server can tell): what comes
/// out is the blob, or a failure that names the URL; never anything else.
/// </summary>
public sealed class LyingBlobTests : IAsyncDisposable
{
    static readonly byte[] Blob = RandomNumberGenerator.GetBytes(2000);
    static readonly MerkleRoot Root = MerkleRoot.Of(Blob);
    static readonly string Path = $"blobs/{Root}";

    /// <summary>What happens with each lie: null where the blob is had all the same; else code and words of the failure.</summary>
    static readonly Dictionary<string, (Lie Lie, string? Code, string Words)> Table = new()
    {
        ["body shorter than Content-Length"] = (Lies.ShortBodyAsync, "PM6003", "expected 2000 bytes, the answer ended after 20"),
        ["body shorter than Content-Length, twice"] = (Lies.First(2, Lies.ShortBodyAsync), null, ""),
        ["body longer than Content-Length"] = (Lies.LongBodyAsync, null, ""),
        ["no length and no end"] = (Lies.EndlessBodyAsync, "PM2501", "expected"),
        ["two differing Content-Length"] = (Lies.TwoLengthsAsync, "PM6012", "expected one Content-Length, got 2000 and 3"),
        ["Content-Length and chunks"] = (Lies.LengthAndChunksAsync, "PM6012", "Content-Length or chunks, got both"),
        ["negative chunk"] = (Lies.ChunkSize("-7d0"), "PM6012", "chunk"),
        ["huge chunk"] = (Lies.ChunkSize("ffffffffffffffffffff"), "PM6012", "chunk"),
        ["chunk larger than memory"] = (Lies.ChunkSize("7fffffffffffffff"), "PM6004", "longer than"),
        ["bad chunk"] = (Lies.ChunkSize("2000 bytes"), "PM6012", "chunk"),
        ["chunk smaller than its bytes"] = (Lies.ChunkSize("3"), "PM6012", "chunk"),
        ["no last chunk"] = (Lies.NoLastChunkAsync, "PM6003", "the answer ended after 2000 bytes"),
        ["endless headers"] = (Lies.EndlessHeadersAsync, "PM6012", "headers of the answer are longer than pm reads"),
        ["huge header"] = (Lies.HugeHeaderAsync, "PM6012", "headers of the answer are longer than pm reads"),
        ["endless 1xx"] = (Lies.EndlessInterimAsync, "PM6012", "headers of the answer are longer than pm reads"),
        ["right length, wrong bytes"] = (Lies.WrongBytesAsync, "PM2501", "got"),
        ["longer than signed"] = (Lies.TooLongAsync, "PM6004", "expected at most 2000 bytes, got 4000"),
        ["empty 200"] = (Lies.EmptyAsync, "PM2502", "expected 2000"),
        ["a second answer behind the first"] = (Lies.SecondAnswerAsync, null, ""),
        ["reset in mid-body"] = (Lies.ResetAsync, "PM6003", "expected 2000 bytes, "),
        ["reset in mid-body, twice"] = (Lies.First(2, Lies.ResetAsync), null, ""),
        ["closes a kept connection"] = (Lies.CloseAfterAsync, null, ""),
        ["206 that was not asked for"] = (Lies.PartThatSays(a => $"bytes 0-1999/2000"), "PM6011", "got 206"),
        ["captive portal"] = (Lies.PortalAsync, "PM2502", "expected 2000"),
        ["a wrong Content-Type"] = (Lies.WrongTypeAsync, null, ""),
        ["a compression bomb"] = (Lies.Encoded("gzip"), "PM6012", "got Content-Encoding gzip"),
        ["an unknown encoding"] = (Lies.Encoded("x-own"), "PM6012", "got Content-Encoding x-own"),
        ["two encodings"] = (Lies.Encoded("br", "zstd"), "PM6012", "got Content-Encoding br, zstd"),
        ["304 though nothing is cached"] = (Lies.Status("304 Not Modified"), "PM6011", "got 304"),
        ["401 demanding credentials"] = (Lies.Status("401 Unauthorized", "WWW-Authenticate: Basic realm=\"give\""), "PM6011", "got 401"),
        ["403"] = (Lies.Status("403 Forbidden"), "PM6011", "got 403"),
        ["404"] = (Lies.Status("404 Not Found"), "PM6009", "is not there"),
        ["410"] = (Lies.Status("410 Gone"), "PM6011", "got 410"),
        ["500"] = (Lies.Status("500 Internal Server Error"), "PM6011", "got 500"),
        ["500 once"] = (Lies.First(1, Lies.Status("500 Internal Server Error")), null, ""),
        ["503 with a day of Retry-After"] = (Lies.Status("503 Service Unavailable", "Retry-After: 86400"), "PM6011", "asks to come back in 86400 seconds"),
        ["429 with an absurd Retry-After"] = (Lies.Status("429 Too Many Requests", "Retry-After: 999999999999999999"), "PM6011", "more than a year"),
        ["a Date far off"] = (Lies.FarDateAsync, null, ""),
        ["101"] = (Lies.UpgradeAsync, "PM6011", "got 101"),
        ["no HTTP at all"] = (Lies.NoHttpAsync, "PM6012", "not an answer of HTTP"),
        ["redirect loop"] = (Lies.RedirectTo(a => a.Request.Target), "PM6014", "more than 10"),
        ["endless redirects"] = (Lies.RedirectTo(a => a.Request.Target + "x"), "PM6014", "more than 10"),
        ["redirect to a file"] = (Lies.RedirectTo("file:///etc/passwd"), "PM6014", "http and https only"),
        ["redirect to ftp"] = (Lies.RedirectTo("ftp://127.0.0.1/x"), "PM6014", "http and https only"),
        ["redirect with a line break"] = (Lies.RedirectTo("/x%0d%0aSet-Cookie:%20x"), "PM6014", "control characters"),
        ["redirect with credentials"] = (Lies.RedirectTo("http://me:secret@127.0.0.1/"), "PM6014", "credentials"),
        ["redirect without a place"] = (Lies.Status("302 Found"), "PM6014", "names no place"),
    };

    readonly ManualClock _clock = new() { Exempt = new HttpSettings().ConnectTimeout };
    readonly LyingServer _server = new(Path, Blob);
    readonly TemporaryDirectory _directory = new();
    readonly Fetchers _fetchers;
    RepositoryClient _client;

    public LyingBlobTests()
    {
        _fetchers = new Fetchers(() => Settings);
        _client = Client(_fetchers);
    }

    public static TheoryData<string> AllLies => [.. Table.Keys];

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _fetchers.Dispose();
        await _server.DisposeAsync();
        _directory.Dispose();
    }

    [Theory]
    [MemberData(nameof(AllLies))]
    public async Task A_lie_changes_nothing_or_is_named(string name)
    {
        var (lie, code, words) = Table[name];
        _server.LieAlways = lie;

        var (bytes, failure) = await FetchAsync();

        if (code is null)
        {
            Assert.Null(failure);
            Assert.Equal(Blob, bytes);

            // What stood behind the answer is not the answer to the next request.
            await _server.LastAnswer;
            Assert.Equal(Blob, (await FetchAsync()).Bytes);
        }
        else
        {
            Assert.Contains(words, failure!.Message, StringComparison.Ordinal);
            Assert.Equal(code, CodeOf(failure));
            Assert.Contains($"{_server.Url}/{Path}", failure.Message, StringComparison.Ordinal);
        }

        _server.LieAlways = null;
        Assert.Equal(Blob, (await FetchAsync()).Bytes);
    }

    public static TheoryData<string> RangeLies => ["whole", "wrong start", "wrong total", "no range", "many parts", "416", "unit", "overflow"];

    /// <summary>The first answer breaks off; what the server says to the request for the rest is of no use.</summary>
    [Theory]
    [MemberData(nameof(RangeLies))]
    public async Task A_rest_that_is_none_costs_the_file_once_more(string name)
    {
        var lie = name switch
        {
            "whole" => (Lie)Lies.WholeAsync,
            "wrong start" => Lies.PartThatSays(a => $"bytes {a.Offset + 1}-1999/2000"),
            "wrong total" => Lies.PartThatSays(a => $"bytes {a.Offset}-1999/3000"),
            "no range" => Lies.PartThatSays(_ => null),
            "unit" => Lies.PartThatSays(a => $"lines {a.Offset}-1999/2000"),
            "overflow" => Lies.PartThatSays(a => $"bytes {a.Offset}-99999999999999999999/2000"),
            "many parts" => Lies.ManyPartsAsync,
            _ => Lies.NotSatisfiableAsync,
        };
        _server.LieAlways = Lies.First(1, Lies.ResetAsync, answer => answer.Offset > 0 ? lie(answer) : Truth.TellAsync(answer));

        Assert.Equal(Blob, (await FetchAsync()).Bytes);
    }

    [Fact]
    public async Task A_rest_with_other_bytes_is_found_at_the_end()
    {
        _server.LieAlways = Lies.First(1, Lies.ResetAsync, Lies.WrongRestAsync);

        Assert.IsType<BlobMismatchException>((await FetchAsync()).Failure);
    }

    [Fact]
    public async Task A_file_that_changed_between_two_parts_is_not_pasted_together()
    {
        _server.LieAlways = Lies.First(1, Lies.ResetAsync, async answer =>
        {
            // As a server does that heeds If-Range: its file is another, so it sends all of it.
            await answer.SendHeadAsync("200 OK", "Content-Length: 2000", "ETag: \"other\"");
            await answer.SendAsync(Blob);
        });

        var (_, failure) = await FetchAsync();

        Assert.Equal("PM6012", CodeOf(failure!));
        Assert.Contains("became another file", failure!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_in_trouble_is_asked_four_times()
    {
        _server.LieAlways = Lies.Status("503 Service Unavailable");

        var (_, failure) = await FetchAsync();

        Assert.Contains("got 503", failure!.Message, StringComparison.Ordinal);
        Assert.Equal(4, _server.Requests.Count);
    }

    HttpSettings Settings => new() { Time = _clock, Random = new Random(1) };

    RepositoryClient Client(Fetchers fetchers) => new("testing", fetchers.Open(new RemoteDefinition("testing", RemoteUrl.Parse(_server.Url, "/"))), _directory["tuf"]);

    static string CodeOf(Exception failure) => failure is RemoteException e ? e.Code : ((BlobMismatchException)failure).Code;

    /// <summary>Fetches the blob; whenever somebody waits before he tries again, that time passes.</summary>
    async Task<(byte[]? Bytes, Exception? Failure)> FetchAsync()
    {
        var fetching = Task.Run(ReadAsync, Cancellation);
        while (!fetching.IsCompleted)
        {
            await Task.WhenAny(fetching, _clock.WhenAwaitedAsync(TimeSpan.Zero, TimeSpan.FromSeconds(2)));
            _clock.Advance(TimeSpan.FromSeconds(2));
        }

        return await fetching;
    }

    async Task<(byte[]? Bytes, Exception? Failure)> ReadAsync()
    {
        try
        {
            using var buffer = new MemoryStream();
            await using var stream = await _client.OpenBlobAsync(Root, Blob.Length, Cancellation);
            await stream.CopyToAsync(buffer, Cancellation);
            return (buffer.ToArray(), null);
        }
        catch (Exception e) when (e is RemoteException or BlobMismatchException)
        {
            return (null, e);
        }
    }
}

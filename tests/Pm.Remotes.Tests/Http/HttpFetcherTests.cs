using System.Text;
using Pm.Remotes.Http;
using Pm.Simulation.Lying;
using Xunit;

namespace Pm.Remotes.Tests.Http;

public sealed class HttpFetcherTests : IAsyncDisposable
{
    readonly Dictionary<string, byte[]> _files = new() { ["base/blobs/a b+c"] = "blob a"u8.ToArray() };
    readonly LyingServer _server;
    readonly Fetchers _fetchers = new(() => new HttpSettings { Attempts = 1 });
    readonly IFetcher _fetcher;

    public HttpFetcherTests()
    {
        _server = new LyingServer(path => _files.GetValueOrDefault(path));
        _fetcher = _fetchers.Open(new RemoteDefinition("testing", RemoteUrl.Parse($"{_server.Url}/base/", "/")));
    }

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _fetcher.Dispose();
        _fetchers.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_file_is_fetched_whole_with_its_length_and_validator()
    {
        var (body, text) = await ReadAsync(new FetchRequest("blobs/a b+c", 6));

        Assert.Equal(("blob a", 0, 6L), (text, body!.Offset, body.TotalLength));
        Assert.Equal(Truth.Tag(_files["base/blobs/a b+c"]), body.Validator);
        var request = Assert.Single(_server.Requests);
        Assert.Equal("/base/blobs/a%20b%2Bc", request.Target);
        Assert.Equal("identity", request.Headers["accept-encoding"]);
    }

    [Fact]
    public async Task Requests_share_a_connection()
    {
        for (var i = 0; i < 3; i++)
        {
            await ReadAsync(new FetchRequest("blobs/a b+c", 6));
        }

        Assert.Equal(1, _server.Connections);
    }

    [Fact]
    public async Task What_is_not_there_is_a_value() =>
        Assert.Equal((null, null), await ReadAsync(new FetchRequest("nothing", 10)));

    [Fact]
    public async Task A_longer_file_is_refused_with_both_lengths()
    {
        var refused = await RefusedAsync(new FetchRequest("blobs/a b+c", 5));

        Assert.Equal("PM6004", refused.Code);
        Assert.Contains("at most 5 bytes, got 6", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("401 Unauthorized")]
    [InlineData("403 Forbidden")]
    [InlineData("410 Gone")]
    [InlineData("500 Internal Server Error")]
    public async Task Only_404_means_absent(string status)
    {
        _server.LieAlways = answer => answer.SendHeadAsync(status, "Content-Length: 0");

        var refused = await RefusedAsync(new FetchRequest("root.json", 5));

        Assert.Equal("PM6011", refused.Code);
        Assert.Contains($"{_server.Url}/base/root.json: expected 200 OK, got {status}", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_rest_of_a_file_comes_from_the_offset_while_the_file_is_the_same()
    {
        var request = new FetchRequest("blobs/a b+c", 6) { Offset = 5, Validator = Truth.Tag(_files["base/blobs/a b+c"]) };

        var (body, text) = await ReadAsync(request);
        Assert.Equal(("a", 5, 6L), (text, body!.Offset, body.TotalLength));

        _files["base/blobs/a b+c"] = "other!"u8.ToArray();
        (body, text) = await ReadAsync(request);
        Assert.Equal(("other!", 0), (text, body!.Offset));
    }

    [Fact]
    public async Task Where_the_file_became_shorter_it_starts_over()
    {
        var (body, text) = await ReadAsync(new FetchRequest("blobs/a b+c", 100) { Offset = 50 });

        Assert.Equal(("blob a", 0), (text, body!.Offset));
    }

    [Fact]
    public async Task Offline_no_server_is_asked()
    {
        using var fetchers = new Fetchers(() => new HttpSettings { IsOffline = true });
        using var fetcher = fetchers.Open(new RemoteDefinition("testing", RemoteUrl.Parse(_server.Url, "/")));

        var refused = await Assert.ThrowsAsync<RemoteException>(() => fetcher.OpenAsync(new FetchRequest("x", 5), Cancellation));

        Assert.Equal("PM7504", refused.Code);
        Assert.Equal(0, _server.Connections);
    }

    [Theory]
    [InlineData("\u00e9")]
    [InlineData("a\tb")]
    [InlineData("a\u001fb")]
    [InlineData("a b")]
    public async Task A_tag_that_cannot_be_sent_back_is_none(string tag)
    {
        _server.LieAlways = async answer =>
        {
            await answer.SendHeadAsync("200 OK", "Content-Length: 6", $"ETag: \"{tag}\"");
            await answer.SendAsync("blob a");
        };

        Assert.Null((await ReadAsync(new FetchRequest("blobs/a b+c", 6))).Body!.Validator);
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_unreachable()
    {
        await _server.DisposeAsync();

        var refused = await RefusedAsync(new FetchRequest("root.json", 5));

        Assert.Equal("PM6003", refused.Code);
        Assert.Contains("onnection refused", refused.Message, StringComparison.Ordinal);
    }

    async Task<RemoteException> RefusedAsync(FetchRequest request) =>
        await Assert.ThrowsAsync<RemoteException>(() => ReadAsync(request));

    async Task<(FetchedBody? Body, string? Text)> ReadAsync(FetchRequest request)
    {
        if (await _fetcher.OpenAsync(request, Cancellation) is not { } body)
        {
            return (null, null);
        }

        using var reader = new StreamReader(body.Content, Encoding.UTF8);
        return (body, await reader.ReadToEndAsync(Cancellation));
    }
}

using System.Net;
using Xunit;

namespace Pm.Daemon.Tests;

/// <summary>Parts of files, conditions and siblings over a real connection.</summary>
public class RangeTests
{
    /// <summary>Against the rule as a person would write it, for a file in memory and one that is read in steps.</summary>
    [Theory]
    [InlineData(1, true)]
    [InlineData(1000, true)]
    [InlineData(600_000, true)]
    [InlineData(1, false)]
    [InlineData(1000, false)]
    [InlineData(600_000, false)]
    public async Task Every_range_gives_the_bytes_it_names(int size, bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);
        var content = new byte[size];
        new Random(size).NextBytes(content);
        server.Write("main", "note", content);
        long[] interesting = [0, 1, size / 2, size - 1, size, size + 1, 262_143, 262_144, 262_145];
        foreach (var first in interesting.Distinct())
        {
            await CheckAsync(server, content, $"bytes={first}-", first, size - 1);
            await CheckAsync(server, content, $"bytes=-{first}", Math.Max(0, size - first), size - 1);
            foreach (var last in interesting.Where(last => last >= first).Distinct())
            {
                await CheckAsync(server, content, $"bytes={first}-{last}", first, Math.Min(last, size - 1));
            }
        }
    }

    [Theory]
    [InlineData("bytes=5-2")]
    [InlineData("bytes=a")]
    [InlineData("bytes=0-1,3-4")]
    [InlineData("lines=1-2")]
    [InlineData("bytes=")]
    public async Task What_is_no_range_gives_the_whole_file(string header)
    {
        await using var server = await Server.StartAsync();
        server.Write("main", "note", "0123456789"u8);

        var answer = await server.SendAsync(HttpMethod.Get, "/main/note", ("Range", header));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("0123456789", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_goes_on_only_with_the_file_it_began_with(bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);
        server.Write("main", "note", "0123456789"u8);
        var tag = (await server.GetAsync("/main/note")).Headers.ETag!.ToString();

        var same = await server.SendAsync(HttpMethod.Get, "/main/note", ("Range", "bytes=5-"), ("If-Range", tag));
        server.Write("main", "note", "another content"u8);
        var other = await server.SendAsync(HttpMethod.Get, "/main/note", ("Range", "bytes=5-"), ("If-Range", tag));

        Assert.Equal("56789", await same.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("another content", await other.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_has_the_file_is_told_so_without_a_body(bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);
        var first = await server.GetAsync("/main/timestamp.json");

        var byTag = await server.SendAsync(HttpMethod.Get, "/main/timestamp.json", ("If-None-Match", first.Headers.ETag!.ToString()));
        var byDate = await server.SendAsync(HttpMethod.Get, "/main/timestamp.json",
            ("If-Modified-Since", first.Content.Headers.LastModified!.Value.ToString("r")));

        Assert.Equal(HttpStatusCode.NotModified, byTag.StatusCode);
        Assert.Equal(first.Headers.ETag, byTag.Headers.ETag);
        Assert.Empty(await byTag.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.NotModified, byDate.StatusCode);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Head_has_the_head_of_get(bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);
        foreach (var path in (string[])["/main/timestamp.json", "/main/1.root.json", "/main/missing", "/health/live", "/.well-known/pm"])
        {
            var get = await server.GetAsync(path);
            var head = await server.SendAsync(HttpMethod.Head, path);

            Assert.Equal(get.StatusCode, head.StatusCode);
            Assert.Equal(get.Headers.ETag, head.Headers.ETag);
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_never_changes_may_be_kept_for_ever_and_the_rest_is_asked_for(bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);

        Assert.Equal("public, max-age=31536000, immutable", (await server.GetAsync("/main/1.root.json")).Headers.CacheControl!.ToString());
        Assert.Equal("no-cache", (await server.GetAsync("/main/timestamp.json")).Headers.CacheControl!.ToString());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_sibling_stands_for_the_file_where_the_client_can_read_it(bool isDirect)
    {
        await using var server = await Server.StartEitherAsync(isDirect);
        var blob = $"blobs/{new string('a', 64)}";
        server.Write("main", blob, "plain content"u8);
        server.Write("main", blob + ".zst", "squeezed"u8);

        var plain = await server.GetAsync($"/main/{blob}");
        var encoded = await server.SendAsync(HttpMethod.Get, $"/main/{blob}", ("Accept-Encoding", "gzip, zstd"));
        var part = await server.SendAsync(HttpMethod.Get, $"/main/{blob}", ("Accept-Encoding", "zstd"), ("Range", "bytes=2-3"));
        var byName = await server.GetAsync($"/main/{blob}.zst");

        Assert.Equal("plain content", await plain.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal("squeezed", await encoded.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("zstd", Assert.Single(encoded.Content.Headers.ContentEncoding));
        Assert.Equal(plain.Content.Headers.ContentType, encoded.Content.Headers.ContentType);
        Assert.NotEqual(plain.Headers.ETag, encoded.Headers.ETag);
        Assert.All([plain, encoded], answer => Assert.Contains("Accept-Encoding", answer.Headers.Vary));
        Assert.Equal("ue", await part.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("squeezed", await byName.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Empty(byName.Content.Headers.ContentEncoding);
        Assert.Equal("application/zstd", byName.Content.Headers.ContentType!.ToString());
    }

    static async Task CheckAsync(Server server, byte[] content, string header, long first, long last)
    {
        var answer = await server.SendAsync(HttpMethod.Get, "/main/note", ("Range", header));
        var body = await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        if (first > last)
        {
            Assert.Equal((header, HttpStatusCode.RequestedRangeNotSatisfiable), (header, answer.StatusCode));
            Assert.Equal($"bytes */{content.Length}", answer.Content.Headers.ContentRange!.ToString());
            Assert.Empty(body);
            return;
        }

        Assert.Equal((header, HttpStatusCode.PartialContent), (header, answer.StatusCode));
        Assert.Equal($"bytes {first}-{last}/{content.Length}", answer.Content.Headers.ContentRange!.ToString());
        Assert.True(content.AsSpan((int)first, (int)(last - first + 1)).SequenceEqual(body), header);
    }
}

using System.Security.Cryptography;
using Pm.Codecs;
using Pm.Linux;
using Pm.Repositories.Uploads;
using Xunit;

namespace Pm.Repositories.Tests.Uploads;

public sealed class UploadStoreTests : IDisposable
{
    const string Ann = "aaaaaaaaaa";
    const string Ben = "bbbbbbbbbb";

    static readonly byte[] Content = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * 31))];
    static readonly Sha256Digest Digest = Sha256Digest.Of(Content);

    readonly TemporaryDirectory _directory = new();
    readonly FixedClock _clock = new(DateTimeOffset.UtcNow);

    public void Dispose()
    {
        WriteDoor.Fault = null;
        _directory.Dispose();
    }

    [Fact]
    public async Task What_came_is_there_under_its_digest_with_the_mode_it_is_served_with()
    {
        using var store = Open();

        Assert.True(await SendAsync(store, Ann, Content, UploadRange.Whole(Content.Length)));

        Assert.Equal(new UploadState(true, Content.Length), store.Find(Digest, Ben));
        Assert.Equal(Content, File.ReadAllBytes(store.PathOf(Digest)));
        Assert.Equal("-rw-r--r--", ModeOf(store.PathOf(Digest)));
        Assert.Equal("drwx------", ModeOf(_directory["pmd/uploads"]));
    }

    /// <summary>Whatever came before a connection broke, the next request goes on there.</summary>
    [Fact]
    public async Task An_upload_goes_on_at_any_byte()
    {
        foreach (var cut in (int[])[1, 4095, 50_000, Content.Length - 1])
        {
            using var store = Open();
            using (var broken = await store.BeginAsync(Digest, Ann, UploadRange.Whole(Content.Length), Cancellation))
            {
                broken.Append(Content.AsSpan(0, cut));
            }

            Assert.Equal(new UploadState(false, cut), store.Find(Digest, Ann));
            Assert.True(await SendAsync(store, Ann, Content.AsMemory(cut), new UploadRange(cut, Content.Length)));
            Assert.Equal(Content, File.ReadAllBytes(store.PathOf(Digest)));
            store.Remove(Digest);
            Assert.Equal(0, store.StagedSize);
        }
    }

    [Fact]
    public async Task It_may_go_on_before_the_end_of_what_is_there_and_not_behind_it()
    {
        using var store = Open();
        Assert.False(await SendAsync(store, Ann, Content.AsMemory(0, 5000), new UploadRange(0, Content.Length)));

        var gap = await Assert.ThrowsAsync<UploadGapException>(
            () => SendAsync(store, Ann, Content.AsMemory(5001), new UploadRange(5001, Content.Length)));
        Assert.Equal(5000, gap.There);
        Assert.True(await SendAsync(store, Ann, Content.AsMemory(4000), new UploadRange(4000, Content.Length)));
        Assert.Equal(Content, File.ReadAllBytes(store.PathOf(Digest)));
        Assert.Equal(Content.Length, store.StagedSize);
    }

    [Fact]
    public async Task Other_bytes_than_named_are_thrown_away()
    {
        using var store = Open();
        byte[] altered = [.. Content];
        altered[77_777] ^= 1;

        var refused = await Assert.ThrowsAsync<RepositoryException>(() => SendAsync(store, Ann, altered, UploadRange.Whole(Content.Length)));

        Assert.Equal("PM5034", refused.Code);
        Assert.Contains(Convert.ToHexStringLower(SHA256.HashData(altered)), refused.Message);
        Assert.Empty(Directory.EnumerateFiles(_directory["pmd/uploads"]));
        Assert.Equal(0, store.StagedSize);
    }

    [Fact]
    public async Task Nobody_spoils_what_another_one_has_begun()
    {
        using var store = Open();
        Assert.False(await SendAsync(store, Ann, Content.AsMemory(0, 5000), new UploadRange(0, Content.Length)));
        Assert.False(await SendAsync(store, Ben, new byte[5000], new UploadRange(0, Content.Length)));

        Assert.True(await SendAsync(store, Ann, Content.AsMemory(5000), new UploadRange(5000, Content.Length)));
    }

    [Fact]
    public async Task A_second_request_for_the_same_bytes_takes_over()
    {
        using var store = Open();
        var first = await store.BeginAsync(Digest, Ann, UploadRange.Whole(Content.Length), Cancellation);
        first.Append(Content.AsSpan(0, 1000));

        var second = store.BeginAsync(Digest, Ann, new UploadRange(1000, Content.Length), Cancellation);

        Assert.True(first.Stopped.IsCancellationRequested);
        Assert.False(second.IsCompleted);
        first.Dispose();
        using var receiver = await second;
        receiver.Append(Content.AsSpan(1000));
        Assert.True(receiver.Finish());
    }

    [Fact]
    public async Task What_is_too_large_is_refused_before_it_comes_and_while_it_comes()
    {
        using var store = Open(new UploadLimits { PackageSize = 9999 });

        Assert.Equal("PM5033", await CodeAsync(() => SendAsync(store, Ann, Content, UploadRange.Whole(Content.Length))));
        Assert.Empty(Directory.EnumerateFiles(_directory["pmd/uploads"]));
        Assert.Equal("PM5033", await CodeAsync(() => SendAsync(store, Ann, Content, UploadRange.Whole(null))));
        Assert.True(store.StagedSize <= 9999);
    }

    [Fact]
    public async Task More_than_was_announced_is_refused()
    {
        using var store = Open();
        Assert.Equal("PM5039", await CodeAsync(() => SendAsync(store, Ann, Content, new UploadRange(0, 500))));
    }

    [Fact]
    public async Task The_space_for_uploads_has_an_end_until_some_of_it_is_old()
    {
        using var store = Open(new UploadLimits { StagedSize = 150_000 });
        Assert.False(await SendAsync(store, Ann, Content.AsMemory(0, 90_000), new UploadRange(0, Content.Length)));

        Assert.Equal("PM5038", await CodeAsync(() => SendAsync(store, Ben, Content, UploadRange.Whole(Content.Length))));

        _clock.Now = _clock.Now.AddDays(2);
        Assert.True(await SendAsync(store, Ben, Content, UploadRange.Whole(Content.Length)));
        Assert.Equal(Content.Length, store.StagedSize);
    }

    [Fact]
    public async Task A_token_has_few_unfinished_uploads()
    {
        using var store = Open(new UploadLimits { UnfinishedUploads = 2 });
        foreach (var other in (byte[][])[[1], [2]])
        {
            await SendAsync(store, Ann, ReadOnlyMemory<byte>.Empty, new UploadRange(0, 10), Sha256Digest.Of(other));
        }

        Assert.Equal("PM5032", await CodeAsync(() => SendAsync(store, Ann, Content, UploadRange.Whole(Content.Length))));
        Assert.True(await SendAsync(store, Ben, Content, UploadRange.Whole(Content.Length)));
    }

    [Fact]
    public async Task There_are_so_many_uploads_and_no_more_until_some_are_published_or_old()
    {
        using var store = Open(new UploadLimits { StagedUploads = 2 });
        await SendAsync(store, Ann, new byte[] { 1 }, UploadRange.Whole(1), Sha256Digest.Of([1]));
        await SendAsync(store, Ben, new byte[] { 2 }, UploadRange.Whole(1), Sha256Digest.Of([2]));

        Assert.Equal("PM5038", await CodeAsync(() => SendAsync(store, Ben, Content, UploadRange.Whole(Content.Length))));

        store.Remove(Sha256Digest.Of([1]));
        Assert.True(await SendAsync(store, Ben, Content, UploadRange.Whole(Content.Length)));
        _clock.Now = _clock.Now.AddDays(2);
        Assert.True(await SendAsync(store, Ben, new byte[] { 3 }, UploadRange.Whole(1), Sha256Digest.Of([3])));
        Assert.Equal(1, store.StagedSize);
    }

    [Fact]
    public async Task No_token_takes_all_there_is()
    {
        using var store = Open(new UploadLimits { StagedSize = 120_000, StagedUploads = 4 });
        Assert.Equal("PM5038", await CodeAsync(() => SendAsync(store, Ann, Content, UploadRange.Whole(Content.Length))));
        Assert.Equal("PM5038", await CodeAsync(() => SendAsync(store, Ann, Content, UploadRange.Whole(null))));
        for (byte i = 0; i < 2; i++)
        {
            Assert.True(await SendAsync(store, Ann, new[] { i }, UploadRange.Whole(1), Sha256Digest.Of([i])));
        }

        Assert.Equal("PM5038", await CodeAsync(() => SendAsync(store, Ann, new byte[] { 9 }, UploadRange.Whole(1), Sha256Digest.Of([9]))));
        Assert.True(await SendAsync(store, Ben, new byte[] { 9 }, UploadRange.Whole(1), Sha256Digest.Of([9])));
    }

    /// <summary>Else whoever waits for a restart lays down the next three quarters.</summary>
    [Fact]
    public async Task What_a_token_has_there_counts_after_a_restart_too()
    {
        var limits = new UploadLimits { StagedUploads = 4 };
        using (var store = Open(limits))
        {
            for (byte i = 0; i < 3; i++)
            {
                Assert.True(await SendAsync(store, Ann, new[] { i }, UploadRange.Whole(1), Sha256Digest.Of([i])));
            }
        }

        using var next = Open(limits);
        Assert.Equal("PM5038", await CodeAsync(() => SendAsync(next, Ann, new byte[] { 9 }, UploadRange.Whole(1), Sha256Digest.Of([9]))));
        next.Remove(Sha256Digest.Of([0]));
        Assert.True(await SendAsync(next, Ann, new byte[] { 9 }, UploadRange.Whole(1), Sha256Digest.Of([9])));
        foreach (var one in (byte[])[1, 2, 9])
        {
            next.Remove(Sha256Digest.Of([one]));
        }

        Assert.Empty(Directory.EnumerateFiles(_directory["pmd/uploads"]));
    }

    [Fact]
    public async Task What_two_tokens_finished_is_the_last_ones_after_a_restart_too()
    {
        using (var store = Open())
        {
            using var ann = await store.BeginAsync(Digest, Ann, UploadRange.Whole(Content.Length), Cancellation);
            using var ben = await store.BeginAsync(Digest, Ben, UploadRange.Whole(Content.Length), Cancellation);
            ann.Append(Content);
            ben.Append(Content);
            Assert.True(ann.Finish());
            Assert.True(ben.Finish());
        }

        using var next = Open();
        Assert.Equal([$"{Digest}", $"{Digest}.{Ben}.whole"], Directory.EnumerateFiles(_directory["pmd/uploads"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        next.Remove(Digest);
        Assert.Empty(Directory.EnumerateFiles(_directory["pmd/uploads"]));
    }

    [Fact]
    public async Task What_is_old_goes_also_where_there_is_room()
    {
        using var store = Open();
        Assert.True(await SendAsync(store, Ann, Content, UploadRange.Whole(Content.Length)));

        _clock.Now = _clock.Now.AddDays(2);
        await SendAsync(store, Ben, new byte[] { 3 }, UploadRange.Whole(1), Sha256Digest.Of([3]));

        Assert.False(store.Find(Digest, Ann).IsWhole);
    }

    /// <summary>Two owners finish the same bytes, and one looks what is old while the other sends.</summary>
    [Fact]
    public async Task The_sum_of_what_lies_there_stays_right()
    {
        using var store = Open();
        using (var ann = await store.BeginAsync(Digest, Ann, UploadRange.Whole(Content.Length), Cancellation))
        {
            using var ben = await store.BeginAsync(Digest, Ben, UploadRange.Whole(Content.Length), Cancellation);
            ann.Append(Content.AsSpan(0, 500));
            store.Sweep();
            ann.Append(Content.AsSpan(500));
            ben.Append(Content);
            Assert.True(ann.Finish());
            Assert.True(ben.Finish());
        }

        Assert.Equal(Content.Length, store.StagedSize);
        store.Remove(Digest);
        Assert.Equal(0, store.StagedSize);
    }

    /// <summary>Sent byte by byte, a file of gigabytes would else be read from its beginning for each of them.</summary>
    [Fact]
    public async Task Who_goes_on_makes_nobody_read_from_the_beginning()
    {
        using var store = Open();
        await SendAsync(store, Ann, Content.AsMemory(0, 50_000), new UploadRange(0, Content.Length));
        var part = Assert.Single(Directory.EnumerateFiles(_directory["pmd/uploads"]));

        // What is there is not looked at again until it is published.
        var bytes = File.ReadAllBytes(part);
        bytes[7] ^= 1;
        File.WriteAllBytes(part, bytes);
        await SendAsync(store, Ann, Content.AsMemory(50_000, 1), new UploadRange(50_000, Content.Length));

        Assert.True(await SendAsync(store, Ann, Content.AsMemory(50_001), new UploadRange(50_001, Content.Length)));
    }

    /// <summary>Whatever write it was that the process ended at: nothing is whole that is not, and the same again succeeds.</summary>
    [Theory]
    [InlineData("eio@{0}+")]
    [InlineData("enospc@{0}")]
    public async Task A_fault_at_any_write_leaves_nothing_half(string fault)
    {
        for (var n = 1; ; n++)
        {
            using (var store = Open())
            {
                var armed = WriteFault.Parse(string.Format(null, fault, n), _directory["pmd"]);
                WriteDoor.Fault = armed;
                var isWhole = false;
                try
                {
                    isWhole = await SendAsync(store, Ann, Content, UploadRange.Whole(Content.Length));
                }
                catch (SystemCallException)
                {
                    Assert.True(armed.HasStruck);
                }
                finally
                {
                    WriteDoor.Fault = null;
                }

                if (!armed.HasStruck)
                {
                    Assert.True(isWhole);
                    Assert.True(n > 4, $"only {n} writes");
                    return;
                }
            }

            using var again = Open();
            if (again.Find(Digest, Ann) is { IsWhole: false } part)
            {
                Assert.True(await SendAsync(again, Ann, Content.AsMemory((int)part.Size), new UploadRange(part.Size, Content.Length)));
            }

            Assert.Equal(Content, File.ReadAllBytes(again.PathOf(Digest)));
            again.Remove(Digest);
        }
    }

    [Theory]
    [InlineData("bytes 0-99/100", 100L, 0L, 100L)]
    [InlineData("Bytes 5-9/10", null, 5L, 10L)]
    public void A_range_says_where_it_goes_on(string text, long? length, long offset, long total) =>
        Assert.Equal(new UploadRange(offset, total), UploadRange.Parse(text, length));

    [Theory]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes ")]
    [InlineData("bytes 0-9")]
    [InlineData("bytes 0-9/*")]
    [InlineData("bytes */10")]
    [InlineData("bytes 9-0/10")]
    [InlineData("bytes 0-10/10")]
    [InlineData("bytes -1-9/10")]
    [InlineData("bytes 0-9/99999999999999999999")]
    [InlineData("bytes 0-8/10")]
    [InlineData("bytes=0-9/10")]
    [InlineData("items 0-9/10")]
    [InlineData("bytes 0-9/10\n")]
    [InlineData("bytes +0-9/10")]
    public void Other_ranges_are_refused(string text) =>
        Assert.Equal("PM5039", Assert.Throws<RepositoryException>(() => UploadRange.Parse(text, 10)).Code);

    static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    UploadStore Open(UploadLimits? limits = null) => UploadStore.Open(_directory.Path, limits ?? new(), _clock);

    static async Task<bool> SendAsync(UploadStore store, string owner, ReadOnlyMemory<byte> bytes, UploadRange range, Sha256Digest? digest = null)
    {
        using var receiver = await store.BeginAsync(digest ?? Digest, owner, range, Cancellation);
        for (var at = 0; at < bytes.Length; at += 7000)
        {
            receiver.Append(bytes.Span[at..Math.Min(at + 7000, bytes.Length)]);
        }

        return receiver.Finish();
    }

    static async Task<string> CodeAsync(Func<Task> action) => (await Assert.ThrowsAsync<RepositoryException>(action)).Code;

    static string ModeOf(string path) => (Directory.Exists(path) ? "d" : "-") + string.Concat("rwxrwxrwx".Select(
        (c, i) => ((int)File.GetUnixFileMode(path) & (256 >> i)) != 0 ? c : '-'));
}

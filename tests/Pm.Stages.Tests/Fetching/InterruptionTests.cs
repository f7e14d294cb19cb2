using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Repositories.Tests;
using Xunit;

namespace Pm.Stages.Tests.Fetching;

/// <summary>Wherever a fetch is interrupted, the next one ends with the same, and little is fetched twice.</summary>
public sealed class InterruptionTests
{
    static readonly string[] Both = ["foo@1.0", "bar@1.0"];

    /// <summary>What one interruption may cost: every request that was under way, below the size from which bodies are kept, and the metadata.</summary>
    static long Loss(FetchWorld world) => (world.Jobs * PartialFiles.SmallestKept) + 20_000;

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, true)]
    [InlineData(4, false)]
    [InlineData(5, false)]
    [InlineData(6, false)]
    public async Task Cut_off_at_any_byte_again_and_again_it_goes_on_and_ends_the_same(int seed, bool hasRelative)
    {
        var random = new Random(seed);
        var (foo, bar) = (Large("foo@1.0", seed), Large("bar@1.0", seed));
        using var world = await FetchWorld.MakeAsync(foo, bar);
        world.HasRelative = hasRelative;
        world.Jobs = 1 + random.Next(6);
        var whole = await BytesOfAllAsync(foo, bar, hasRelative, world.Jobs);

        var cuts = 0;
        for (var isDone = false; !isDone; cuts += isDone ? 0 : 1)
        {
            world.Fetcher.BreakAfter(cuts < 12 ? random.NextInt64(whole / 3) : long.MaxValue);
            isDone = await TryAsync(world);
            world.AssertStoreIsWhole();
        }

        world.AssertHas(foo);
        world.AssertHas(bar);
        Assert.Empty(world.PartialNames());
        Assert.True(cuts > 2, $"only {cuts} cuts");
        var wasted = world.Fetcher.Delivered - whole;
        Assert.True(wasted <= cuts * Loss(world), $"{wasted} bytes were fetched again after {cuts} cuts");
    }

    [Fact]
    public async Task Cut_off_at_every_step_of_a_large_body_only_that_step_is_lost()
    {
        var package = Large("foo@1.0", 9);
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;
        var size = world.Target("foo@1.0").Package.DownloadSize!.Value;

        const int step = 70_001;
        var cuts = 0;
        for (; cuts < 1000; cuts++)
        {
            world.Fetcher.BreakAfter(step);
            if (await TryAsync(world, "foo@1.0"))
            {
                break;
            }
        }

        Assert.Equal((size - 1) / step, cuts);
        world.AssertHas(package);
        Assert.Equal(size, world.Fetcher.Delivered);
    }

    [Fact]
    public async Task Stopped_by_a_person_it_keeps_what_came()
    {
        var (foo, bar) = (Large("foo@1.0", 4), Large("bar@1.0", 4));
        using var world = await FetchWorld.MakeAsync(foo, bar);
        var whole = await BytesOfAllAsync(foo, bar, hasRelative: true, world.Jobs);
        for (var reads = 20; ; reads += 20)
        {
            using var stop = new CancellationTokenSource();
            var left = reads;
            world.Fetcher.Reading = () =>
            {
                if (Interlocked.Decrement(ref left) == 0)
                {
                    stop.Cancel();
                }
            };
            try
            {
                await world.TakeUntilAsync(Both, stop.Token);
                break;
            }
            catch (OperationCanceledException)
            {
                world.AssertStoreIsWhole();
            }
        }

        world.AssertHas(foo);
        world.AssertHas(bar);
        Assert.True(world.Fetcher.Delivered < 3 * whole, $"{world.Fetcher.Delivered} bytes for {whole}");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_was_kept_and_is_wrong_costs_one_more_try_and_no_more(bool hasRelative)
    {
        var package = Large("foo@1.0", 5);
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = hasRelative;
        world.Jobs = 1;
        world.Fetcher.BreakAfter(400_000);
        Assert.False(await TryAsync(world, "foo@1.0"));
        var partial = Path.Join(world.PartialPath, Assert.Single(world.PartialNames()));
        var bytes = File.ReadAllBytes(partial);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(partial, bytes);

        world.Fetcher.BreakAfter(long.MaxValue);
        Assert.True(await TryAsync(world, "foo@1.0"));

        world.AssertHas(package);
        Assert.Empty(world.PartialNames());
        Assert.Empty(world.Fetcher.Distrusted);
    }

    [Fact]
    public async Task What_was_kept_and_is_longer_than_signed_is_thrown_away_without_being_read()
    {
        var package = Large("foo@1.0", 6);
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;
        var target = world.Target("foo@1.0");
        Directory.CreateDirectory(world.PartialPath);
        File.WriteAllBytes(Path.Join(world.PartialPath, $"{target.PkgDigest}.pkg"), new byte[target.Package.DownloadSize!.Value + 1]);

        Assert.True(await TryAsync(world, "foo@1.0"));

        world.AssertHas(package);
        Assert.Equal(target.Package.DownloadSize, world.Fetcher.Delivered);
    }

    [Fact]
    public async Task A_body_that_is_all_there_asks_nobody()
    {
        var package = Large("foo@1.0", 7);
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;
        var target = world.Target("foo@1.0");
        Directory.CreateDirectory(world.PartialPath);
        File.Copy(Path.Join(world.Served, target.PkgName), Path.Join(world.PartialPath, $"{target.PkgDigest}.pkg"));

        Assert.True(await TryAsync(world, "foo@1.0"));

        world.AssertHas(package);
        Assert.Empty(world.Fetcher.Asked);
        Assert.Empty(world.PartialNames());
    }

    [Fact]
    public async Task A_server_that_gives_no_parts_is_read_from_the_start()
    {
        var package = Large("foo@1.0", 8);
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;
        world.Fetcher.GivesParts = false;
        world.Fetcher.BreakAfter(300_000);
        Assert.False(await TryAsync(world, "foo@1.0"));

        world.Fetcher.BreakAfter(long.MaxValue);
        Assert.True(await TryAsync(world, "foo@1.0"));

        world.AssertHas(package);
    }

    static async Task<bool> TryAsync(FetchWorld world, params string[] ids)
    {
        try
        {
            await world.TakeAsync(ids.Length == 0 ? Both : ids);
            return true;
        }
        catch (RemoteException e)
        {
            Assert.Equal("PM6003", e.Code);
            return false;
        }
    }

    static async Task<long> BytesOfAllAsync(SamplePackage foo, SamplePackage bar, bool hasRelative, int jobs)
    {
        using var world = await FetchWorld.MakeAsync(foo, bar);
        (world.HasRelative, world.Jobs) = (hasRelative, jobs);
        await world.TakeAsync(Both);
        return world.Fetcher.Delivered;
    }

    /// <summary>Some large files that do not compress and some that do, many small ones, and one that two packages share.</summary>
    static SamplePackage Large(string id, int seed)
    {
        var random = new Random((seed * 10) + id[0]);
        var shared = new byte[500_000];
        new Random(seed).NextBytes(shared);
        var files = new List<(string, byte[])> { ("share/shared", shared) };
        for (var i = 0; i < 40; i++)
        {
            var content = new byte[i < 4 ? random.Next(200_000, 700_000) : random.Next(4000)];
            random.NextBytes(content);
            if (i % 3 == 0)
            {
                content.AsSpan(content.Length / 4).Clear();
            }

            files.Add(($"share/file{i}", content));
        }

        return new SamplePackage(id, id, more: [.. files]);
    }
}

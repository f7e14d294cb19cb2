using System.Text;
using Pm.Blobs;
using Pm.Packages;
using Pm.Remotes;
using Pm.Repositories.Tests;
using Pm.Trust;
using Xunit;

namespace Pm.Stages.Tests.Fetching;

/// <summary>What is asked for, in which form, and what becomes of answers that lie.</summary>
public sealed class FetchingTests
{
    static readonly byte[] Shared = Noise(300_000, 1);

    [Fact]
    public async Task Of_a_remote_without_signed_metadata_what_is_refused_is_not_read_to_its_end()
    {
        var package = new SamplePackage("foo@1.0", "one", more: ("share/large", Noise(4_000_000, 9)));
        using var world = await FetchWorld.MakeAsync(package);
        world.IsPlain = true;
        var forged = package.ToPkg(manifest => [.. SamplePackage.Sign(manifest)[..^1], (byte)'x']);
        world.Fetcher.Lies["foo-1.0.pkg"] = _ => new MemoryStream(forged);

        var refused = await Assert.ThrowsAnyAsync<Exception>(() => world.TakeAsync("foo@1.0"));

        Assert.Equal("PM3003", (refused as TrustException ?? refused.InnerException as TrustException)!.Code);
        Assert.InRange(world.Fetcher.Delivered, 1, 1_000_000);
    }

    [Fact]
    public async Task A_package_of_which_nothing_is_here_comes_whole_in_one_request()
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;

        await world.TakeAsync("foo@1.0");

        world.AssertHas(package);
        Assert.Equal(["foo-1.0.pkg"], world.Fetcher.Asked.Keys);
    }

    [Fact]
    public async Task An_update_comes_blob_by_blob_without_what_is_here()
    {
        var (one, two) = (Sample("foo@1.0", "one", ("share/shared", Shared)), Sample("foo@2.0", "two", ("share/shared", Shared)));
        using var world = await FetchWorld.MakeAsync(one, two);
        await world.TakeAsync("foo@1.0");
        world.Fetcher.Asked.Clear();

        await world.TakeAsync("foo@2.0");

        world.AssertHas(two);
        Assert.DoesNotContain("foo-2.0.pkg", world.Fetcher.Asked.Keys);
        Assert.DoesNotContain(world.Fetcher.Asked.Keys, path => path.Contains(MerkleRoot.Of(Shared).ToString(), StringComparison.Ordinal));
        Assert.True(world.Traffic.Shared > Shared.Length && world.Traffic.Copied < 200, $"{world.Traffic}");
    }

    [Fact]
    public async Task An_update_of_which_nearly_everything_is_new_comes_whole()
    {
        var one = Sample("foo@1.0", "one", [.. Enumerable.Range(0, 200).Select(i => ($"f{i}", Noise(2000, i)))]);
        var two = Sample("foo@2.0", "two", [.. Enumerable.Range(0, 200).Select(i => ($"f{i}", Noise(2000, 1000 + i)))]);
        using var world = await FetchWorld.MakeAsync(one, two);
        await world.TakeAsync("foo@1.0");
        world.Fetcher.Asked.Clear();

        await world.TakeAsync("foo@2.0");

        world.AssertHas(two);
        Assert.Contains("foo-2.0.pkg", world.Fetcher.Asked.Keys);
        Assert.DoesNotContain(two.Package.Entries, e => world.Fetcher.Asked.ContainsKey($"blobs/{e.Root}"));
    }

    [Fact]
    public async Task What_is_here_asks_nobody()
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        await world.TakeAsync("foo@1.0");
        world.Fetcher.Asked.Clear();

        await world.TakeAsync("foo@1.0");

        Assert.Empty(world.Fetcher.Asked);
        Assert.Equal(0, world.Traffic.Copied);
    }

    [Fact]
    public async Task The_same_content_in_several_packages_and_under_both_modes_is_fetched_once()
    {
        var packages = Enumerable.Range(1, 6).Select(i => Sample($"foo{i}@1.0", "same", ("share/shared", Shared), ("share/again", Shared), ("bin/run2", Shared))).ToArray();
        using var world = await FetchWorld.MakeAsync(packages);
        world.Jobs = 6;

        // Blob by blob: one of them has a small part of all at first.
        await world.TakeAsync("foo1@1.0");
        RemoveFromStore(world, Shared);
        world.Fetcher.Asked.Clear();
        await world.TakeAsync([.. packages.Select(p => p.Package.Id.ToString())]);

        Assert.All(packages, world.AssertHas);
        Assert.Equal(1, world.Fetcher.Asked[$"blobs/{MerkleRoot.Of(Shared)}"]);
        Assert.DoesNotContain(world.Fetcher.Asked, a => a.Key.StartsWith("blobs/", StringComparison.Ordinal) && a.Value > 1);
    }

    [Fact]
    public async Task Offline_names_all_that_is_missing_and_asks_nobody()
    {
        var packages = new[] { Sample("foo@1.0", "one"), Sample("bar@1.0", "two"), Sample("baz@1.0", "three") };
        using var world = await FetchWorld.MakeAsync(packages);
        await world.TakeAsync("bar@1.0");
        world.Fetcher.Asked.Clear();
        world.IsOffline = true;

        var refused = await Assert.ThrowsAsync<StageException>(() => world.TakeAsync("foo@1.0", "bar@1.0", "baz@1.0"));
        await world.TakeAsync("bar@1.0");

        Assert.Equal("PM7504", refused.Code);
        Assert.Contains("baz@1.0, foo@1.0", refused.Message, StringComparison.Ordinal);
        Assert.Equal("pm fetch baz@1.0 foo@1.0", refused.Hint);
        Assert.Empty(world.Fetcher.Asked);
    }

    [Fact]
    public async Task Offline_a_package_whose_blobs_were_collected_is_missing()
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        await world.TakeAsync("foo@1.0");
        RemoveFromStore(world, Shared);
        world.IsOffline = true;

        Assert.Equal("PM7504", (await Assert.ThrowsAsync<StageException>(() => world.TakeAsync("foo@1.0"))).Code);
    }

    [Theory]
    [InlineData("endless", "PM6004")]
    [InlineData("wrong", "PM2501")]
    [InlineData("short", "PM2501")]
    [InlineData("absent", "PM6009")]
    public async Task A_blob_that_is_not_what_was_signed_is_refused_and_not_kept(string lie, string code)
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        await world.TakeAsync("foo@1.0");
        RemoveFromStore(world, Shared);
        world.Fetcher.Lies[$"blobs/{MerkleRoot.Of(Shared)}"] = Lie(lie);

        Assert.Equal(code, CodeOf(await Record.ExceptionAsync(() => world.TakeAsync("foo@1.0"))));

        world.AssertStoreIsWhole();
        Assert.Equal(lie is "absent" ? 0 : 1, world.Fetcher.Distrusted.Count);
        Assert.Empty(world.PartialNames());
        world.Fetcher.Lies.Clear();
        await world.TakeAsync("foo@1.0");
        world.AssertHas(package);
    }

    [Theory]
    [InlineData("endless", "PM6004")]
    [InlineData("wrong", "PM6006")]
    [InlineData("short", "PM6006")]
    [InlineData("absent", "PM6009")]
    public async Task A_pkg_that_is_not_what_was_signed_is_refused_and_not_kept(string lie, string code)
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;
        world.Fetcher.Lies["foo-1.0.pkg"] = Lie(lie);

        Assert.Equal(code, CodeOf(await Record.ExceptionAsync(() => world.TakeAsync("foo@1.0"))));

        world.AssertStoreIsWhole();
        Assert.Empty(world.PartialNames());
        world.Fetcher.Lies.Clear();
        await world.TakeAsync("foo@1.0");
        world.AssertHas(package);
    }

    [Fact]
    public async Task A_pkg_altered_anywhere_is_refused_as_altered_whatever_breaks_first()
    {
        var package = Sample("foo@1.0", "one", ("share/text", Encoding.ASCII.GetBytes(new string('x', 9000))));
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;
        var length = new FileInfo(Path.Join(world.Served, "foo-1.0.pkg")).Length;
        for (var at = 0L; at < length; at += 97)
        {
            var position = at;
            world.Fetcher.Lies["foo-1.0.pkg"] = honest =>
            {
                var altered = honest!.ToArray();
                altered[position] ^= 0x55;
                return new MemoryStream(altered);
            };

            Assert.Equal("PM6006", CodeOf(await Record.ExceptionAsync(() => world.TakeAsync("foo@1.0"))));
        }
    }

    [Fact]
    public async Task Another_place_is_asked_when_the_first_gave_wrong_bytes()
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        world.UseLine(new WeakFetcher(world.Served) { Places = 2 });
        world.HasRelative = false;
        var asked = 0;
        world.Fetcher.Lies["foo-1.0.pkg"] = honest => asked++ == 0 ? new MemoryStream(new byte[honest!.Length]) : new MemoryStream(honest!);

        await world.TakeAsync("foo@1.0");

        world.AssertHas(package);
        Assert.Equal(2, asked);
        Assert.Single(world.Fetcher.Distrusted);
    }

    [Theory]
    [InlineData("endless")]
    [InlineData("wrong")]
    [InlineData("short")]
    [InlineData("absent")]
    [InlineData("bomb")]
    public async Task A_compressed_form_that_is_wrong_is_made_up_for_by_the_plain_one(string lie)
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 90_000).Select(i => $"line {i % 999}\n")));
        var small = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => $"row {i % 77}\n")));
        var package = Sample("foo@1.0", "one", ("share/text", text), ("share/small", small), ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        await world.TakeAsync("foo@1.0");
        RemoveFromStore(world, text);
        RemoveFromStore(world, small);
        foreach (var blob in new[] { text, small })
        {
            world.Fetcher.Lies[$"blobs/{MerkleRoot.Of(blob)}.zst"] = Lie(lie);
        }

        await world.TakeAsync("foo@1.0");

        world.AssertHas(package);
        world.AssertStoreIsWhole();
        Assert.Equal(2, world.Notes.Count(n => n.Contains("asking for it uncompressed", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_compressed_forms_are_what_is_asked_for()
    {
        var text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 90_000).Select(i => $"line {i % 999}\n")));
        var package = Sample("foo@1.0", "one", ("share/text", text), ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        await world.TakeAsync("foo@1.0");
        RemoveFromStore(world, text);
        var before = world.Fetcher.Delivered;
        world.Fetcher.Asked.Clear();

        await world.TakeAsync("foo@1.0");

        world.AssertHas(package);
        Assert.Contains($"blobs/{MerkleRoot.Of(text)}.zst", world.Fetcher.Asked.Keys);
        Assert.DoesNotContain($"blobs/{MerkleRoot.Of(text)}", world.Fetcher.Asked.Keys);
        Assert.True(world.Fetcher.Delivered - before < text.Length / 4);
    }

    [Fact]
    public async Task More_content_than_signed_is_cut_off()
    {
        var package = Sample("foo@1.0", "one", ("share/zeros", new byte[3_000_000]));
        using var world = await FetchWorld.MakeAsync(package);
        world.HasRelative = false;

        // As if the index had said less: what is signed there is the limit.
        var failure = await Record.ExceptionAsync(() => world.TakeAsIfAsync("foo@1.0", t => t with { Package = t.Package with { SizeInBytes = 1_000_000 } }));

        Assert.Equal("PM2203", CodeOf(failure));
        world.AssertStoreIsWhole();
    }

    [Fact]
    public async Task A_package_that_is_not_signed_is_refused_before_its_content_is_asked_for()
    {
        var package = Sample("foo@1.0", "one", ("share/shared", Shared));
        using var world = await FetchWorld.MakeAsync(package);
        world.Jobs = 1;
        File.WriteAllText(Path.Join(world.Served, "signatures", package.Package.Hash.ToString(), "manifest.sha256.asc"), "signed by nobody");

        var refused = await Assert.ThrowsAsync<TrustException>(() => world.TakeAsync("foo@1.0"));

        Assert.Equal("PM3003", refused.Code);
        Assert.DoesNotContain("foo-1.0.pkg", world.Fetcher.Asked.Keys);
        Assert.DoesNotContain(package.Package.Contents.Entries, e => world.Fetcher.Asked.ContainsKey($"blobs/{e.Root}"));
    }

    static Func<byte[]?, Stream?> Lie(string kind) => kind switch
    {
        "endless" => _ => new Endless(),
        "wrong" => honest => new MemoryStream([.. honest!.Select(b => (byte)(b ^ 1))]),
        "short" => honest => new MemoryStream(honest![..(honest!.Length / 2)]),
        "bomb" => honest => new MemoryStream(Bomb()),
        _ => _ => null,
    };

    static byte[] Bomb()
    {
        using var target = new MemoryStream();
        using (var packed = Codecs.Compressor.Open(target, Codecs.Compression.Zstandard, leaveOpen: true))
        {
            packed.Write(new byte[20_000_000]);
        }

        return target.ToArray();
    }

    static string? CodeOf(Exception? failure) => failure switch
    {
        RemoteException e => e.Code,
        BlobMismatchException e => e.Code,
        PackageFormatException e => e.Code,
        _ => failure?.ToString(),
    };

    static byte[] Noise(int length, int seed)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    static SamplePackage Sample(string id, string content, params (string, byte[])[] more) => new(id, content, more: more);

    static void RemoveFromStore(FetchWorld world, byte[] content)
    {
        foreach (var file in Directory.GetFiles(Path.Join(world.StorePath, "blobs"), MerkleRoot.Of(content) + "*", SearchOption.AllDirectories))
        {
            File.Delete(file);
        }
    }

    sealed class Endless : MemoryStream
    {
        public override bool CanSeek => false;

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count) => count;
    }
}

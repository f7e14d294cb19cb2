using System.Text;
using Pm.Blobs;
using Pm.Linux;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class StoreTests
{
    /// <summary>Its file is made before its root is known.</summary>
    static readonly string Large = new('x', 300_000);

    [Fact]
    public void A_blob_is_kept_once_read_only_and_named_by_its_root()
    {
        using var world = new World();

        var first = world.Put("hello");
        var second = world.Put("hello");
        world.Store.Sync();

        Assert.Equal(MerkleRoot.Of("hello"u8), first);
        Assert.Equal(first, second);
        var path = world.Store.BlobPath(new BlobName(first, false));
        Assert.Equal("hello", File.ReadAllText(path));
        Assert.Equal("444", Convert.ToString(FileStatus.Of(path)!.Value.Mode, 8));
        Assert.Single(Files(world, "blobs"));
    }

    [Fact]
    public void An_executable_content_has_a_file_of_its_own()
    {
        using var world = new World();

        var root = world.Put("#!/bin/sh", executable: true);
        world.Store.Sync();

        Assert.True(world.Store.Has(root, executable: true));
        Assert.False(world.Store.Has(root, executable: false));
        Assert.True(world.Store.Has(root));
        var path = world.Store.BlobPath(new BlobName(root, true));
        Assert.EndsWith(".x", path, StringComparison.Ordinal);
        Assert.Equal("555", Convert.ToString(FileStatus.Of(path)!.Value.Mode, 8));
    }

    [Theory]
    [InlineData(1, "utimens")]
    [InlineData(300_000, "rename")]
    public void Nothing_is_published_before_it_is_synced(int length, string publishing)
    {
        using var world = new World();
        using var other = Store.Open(world.StorePath);
        var calls = new List<string>();
        WriteDoor.Trace = (_, call, path) =>
        {
            if (path.StartsWith(Path.Join(world.StorePath, "blobs"), StringComparison.Ordinal)
                || path.StartsWith(Path.Join(world.StorePath, "pending"), StringComparison.Ordinal)
                || path == world.StorePath)
            {
                calls.Add(call);
            }
        };

        try
        {
            var one = world.Put(new string('1', length));
            _ = world.Put(new string('2', length));
            Assert.False(other.Has(one));
            world.Store.Sync();
            Assert.True(other.Has(one));
        }
        finally
        {
            WriteDoor.Trace = null;
        }

        var sync = calls.IndexOf("syncfs");
        Assert.True(sync > 0);
        Assert.Single(calls, "syncfs");
        Assert.DoesNotContain("rename", calls[..sync]);
        Assert.DoesNotContain("write", calls[sync..]);
        Assert.DoesNotContain("fsync", calls);
        Assert.Equal(2, calls[sync..].Count(c => c == publishing));
    }

    [Fact]
    public void A_blob_that_is_not_committed_leaves_nothing()
    {
        using var world = new World();

        using (var writer = world.Store.Create(false))
        {
            writer.Append(new byte[300_000]);
        }
        world.Store.Sync();
        world.Reopen();

        Assert.Empty(Files(world, "blobs"));
        Assert.DoesNotContain(Files(world, "pending"), f => !f.EndsWith(".lock", StringComparison.Ordinal));
    }

    [Fact]
    public void What_was_written_can_be_read_before_and_after_the_sync_by_this_process_and_after_it_by_others()
    {
        using var world = new World();
        using var other = Store.Open(world.StorePath);

        var root = world.Put("text");

        Assert.True(world.Store.Has(root));
        Assert.Equal("text", new StreamReader(world.Store.OpenBlob(root)).ReadToEnd());
        Assert.False(other.Has(root));
        world.Store.Sync();
        Assert.Equal("text", new StreamReader(world.Store.OpenBlob(root)).ReadToEnd());
        Assert.Equal("text", new StreamReader(other.OpenBlob(root)).ReadToEnd());
    }

    [Fact]
    public void A_missing_blob_is_named()
    {
        using var world = new World();
        var root = MerkleRoot.Of("nowhere"u8);

        var e = Assert.Throws<StoreException>(() => world.Store.OpenBlob(root));

        Assert.Equal("PM4003", e.Code);
        Assert.Contains(root.ToString(), e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8192)]
    [InlineData(65536)]
    [InlineData(200_001)]
    public void Blobs_of_any_size_come_back_as_they_went_in(int size)
    {
        using var world = new World();
        var data = new byte[size];
        new Random(size).NextBytes(data);

        using var writer = world.Store.Create(false);
        for (var at = 0; at < size; at += 10_000)
        {
            writer.Append(data.AsSpan(at, Math.Min(10_000, size - at)));
        }
        var root = writer.Commit();
        world.Store.Sync();

        Assert.Equal(MerkleRoot.Of(data), root);
        using var stream = world.Store.OpenBlob(root);
        var read = new MemoryStream();
        stream.CopyTo(read);
        Assert.Equal(data, read.ToArray());
        Assert.Equal(size, world.Store.LengthOf(root));
    }

    [Fact]
    public void Two_processes_that_keep_the_same_blob_agree_on_one_file()
    {
        using var world = new World();
        using var other = Store.Open(world.StorePath);
        using var theirs = other.Create(false);
        theirs.Append("same"u8);
        var root = theirs.Commit();

        Assert.Equal(root, world.Put("same"));
        world.Store.Sync();
        var inode = FileStatus.Of(world.Store.BlobPath(new BlobName(root, false)))!.Value.Inode;
        other.Sync();

        Assert.Equal(inode, FileStatus.Of(world.Store.BlobPath(new BlobName(root, false)))!.Value.Inode);
    }

    [Fact]
    public void A_package_comes_back_with_what_was_signed()
    {
        using var world = new World();
        var package = world.Save("foo", "1.0", ("bin/foo", "#!foo"));
        var signature = new SignatureFiles("manifest"u8.ToArray(), "signature"u8.ToArray());
        world.Store.Save(package, signature);
        world.Store.Sync();
        world.Reopen();

        Assert.True(world.Store.Contains(package.Hash));
        Assert.Equal(package.MetaFar.ToArray(), world.Store.Find(package.Hash)!.MetaFar.ToArray());
        Assert.Equal("manifest", Encoding.UTF8.GetString(world.Store.FindSignature(package.Hash)!.Manifest.Span));
        Assert.Equal("signature", Encoding.UTF8.GetString(world.Store.FindSignature(package.Hash)!.Signature.Span));
        Assert.Equal([package.Hash], world.Store.Packages());
    }

    [Fact]
    public void A_signature_can_be_added_to_a_package_later()
    {
        using var world = new World();
        var package = world.Save("foo", "1.0");
        world.Store.Sync();
        Assert.Null(world.Store.FindSignature(package.Hash));

        world.Store.Save(package, new SignatureFiles("m"u8.ToArray(), "s"u8.ToArray()));

        Assert.NotNull(world.Store.FindSignature(package.Hash));
    }

    [Fact]
    public void A_damaged_package_is_refused()
    {
        using var world = new World();
        var package = world.Save("foo", "1.0", ("a", "a"));
        world.Store.Sync();
        var file = Path.Join(world.StorePath, "packages", package.Hash.ToString(), "meta.far");
        File.WriteAllBytes(file, [.. File.ReadAllBytes(file)[..^1], 1]);

        Assert.ThrowsAny<Exception>(() => world.Store.Find(package.Hash));
    }

    [Fact]
    public void What_a_killed_process_left_is_cleared_by_the_next_that_writes()
    {
        using var world = new World();
        var dead = Path.Join(world.StorePath, "pending", "99999999-1");
        Directory.CreateDirectory(dead);
        File.WriteAllText(Path.Join(dead, "1"), "half");
        File.WriteAllText(dead + ".lock", "");

        world.Put(Large);

        Assert.False(Directory.Exists(dead));
        Assert.False(File.Exists(dead + ".lock"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("ha")]
    [InlineData("half, and other bytes")]
    public void What_has_a_final_name_and_is_not_published_is_not_there_and_gives_way(string left)
    {
        using var world = new World();
        var blob = new BlobName(MerkleRoot.Of("half a file"u8), false);
        var path = world.Store.BlobPath(blob);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, left);

        Assert.False(world.Store.Has(blob));
        world.Put("half a file");
        world.Store.Sync();
        world.Reopen();

        Assert.True(world.Store.Has(blob));
        Assert.Equal("half a file", File.ReadAllText(path));
        Assert.Equal("444", Convert.ToString(FileStatus.Of(path)!.Value.Mode, 8));
    }

    [Fact]
    public void A_blob_that_was_edited_through_a_link_is_written_again()
    {
        using var world = new World();
        var blob = new BlobName(world.Put("good"), false);
        world.Store.Sync();
        var path = world.Store.BlobPath(blob);
        var link = Path.Join(world.RootPath, "link");
        using (var root = DirectoryHandle.Open(world.RootPath))
        {
            root.Link(DirectoryHandle.Open(Path.GetDirectoryName(path)!), blob.File, "link");
        }
        File.SetUnixFileMode(link, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.AppendAllText(link, " and bad");

        Assert.False(world.Store.Has(blob));
        world.Put("good");
        world.Store.Sync();

        Assert.Equal("good", File.ReadAllText(path));
        Assert.Equal("good and bad", File.ReadAllText(link));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(8192)]
    [InlineData(64 * 1024)]
    [InlineData(64 * 1024 + 1)]
    public void A_blob_that_is_in_memory_whole_is_kept_as_one_that_comes_in_pieces(int length)
    {
        using var world = new World();
        var content = new byte[length];
        new Random(length).NextBytes(content);

        var root = world.Store.Keep(content, executable: true);
        Assert.Equal(root, world.Store.Keep(content, executable: true));
        world.Store.Sync();
        Assert.Equal(root, world.Store.Keep(content, executable: true));

        Assert.Equal(MerkleRoot.Of(content), root);
        Assert.Equal(content, File.ReadAllBytes(world.Store.BlobPath(new BlobName(root, true))));
        Assert.Equal((length, 2L * length), (world.Store.WrittenBytes, world.Store.FoundBytes));
        Assert.Single(Files(world, "blobs"));
    }

    /// <summary>Two processes write one blob; whichever publishes, and whether the other does or gives up, it is there.</summary>
    [Theory]
    [InlineData("first", "second")]
    [InlineData("second", "first")]
    [InlineData("second", "first gives up")]
    [InlineData("first", "second gives up")]
    [InlineData("first gives up", "second")]
    [InlineData("second gives up", "first")]
    public void Of_two_that_write_one_blob_either_may_publish_it_and_either_give_up(string one, string two)
    {
        using var world = new World();
        var stores = new Dictionary<string, Store> { ["first"] = Store.Open(world.StorePath), ["second"] = Store.Open(world.StorePath) };
        var root = Put(stores["first"]);
        _ = Put(stores["second"]);

        foreach (var step in new[] { one, two })
        {
            var store = stores[step.Split(' ')[0]];
            if (!step.EndsWith("gives up", StringComparison.Ordinal))
            {
                store.Sync();
            }
            store.Dispose();
        }

        Assert.True(world.Store.Has(root));
        Assert.Equal("the same", File.ReadAllText(world.Store.BlobPath(new BlobName(root, false))));
        Assert.Single(Files(world, "blobs"));

        static MerkleRoot Put(Store store)
        {
            using var writer = store.Create(false);
            writer.Append("the same"u8);
            return writer.Commit();
        }
    }

    [Fact]
    public void After_a_sync_that_failed_nothing_is_left_and_the_same_can_be_written_again()
    {
        using var world = new World();
        var blob = new BlobName(world.Put("lost"), false);

        WriteDoor.Fault = new WriteFault
        {
            Kind = WriteFaultKind.Fail,
            At = 1,
            Errno = Errno.EIO,
            Call = "syncfs",
            Beneath = world.StorePath,
        };
        try
        {
            Assert.Throws<SystemCallException>(world.Store.Sync);
        }
        finally
        {
            WriteDoor.Fault = null;
        }

        Assert.Empty(Files(world, "blobs"));
        world.Put("lost");
        world.Store.Sync();
        Assert.True(world.Store.Has(blob));
    }

    [Fact]
    public void A_small_blob_that_was_never_synced_leaves_nothing()
    {
        using var world = new World();

        world.Put("small");
        world.Reopen();

        Assert.Empty(Files(world, "blobs"));
        Assert.False(world.Store.Has(MerkleRoot.Of("small"u8)));
    }

    [Fact]
    public void Many_blobs_are_published_by_several_threads_and_none_is_lost_or_replaced()
    {
        using var world = new World();
        using var other = Store.Open(world.StorePath);
        var texts = Enumerable.Range(0, 2000).Select(i => $"text {i}").ToList();
        foreach (var text in texts.Where((_, i) => i % 100 == 0))
        {
            using var writer = other.Create(false);
            writer.Append(Encoding.UTF8.GetBytes(text));
            writer.Commit();
        }

        var roots = texts.Select(t => world.Put(t)).ToList();
        other.Sync();
        var there = FileStatus.Of(world.Store.BlobPath(new BlobName(roots[0], false)))!.Value;
        world.Store.Sync();

        Assert.Equal(2000, Files(world, "blobs").Length);
        Assert.True(FileStatus.Of(world.Store.BlobPath(new BlobName(roots[0], false)))!.Value.IsSameFile(there));
        Assert.All(roots.Zip(texts), p => Assert.Equal(p.Second, new StreamReader(world.Store.OpenBlob(p.First)).ReadToEnd()));
    }

    [Fact]
    public void What_a_living_process_has_pending_is_left_alone()
    {
        using var world = new World();
        using var other = Store.Open(world.StorePath);
        using var theirs = other.Create(false);
        theirs.Append("theirs"u8);
        var root = theirs.Commit();

        world.Put("mine");
        other.Sync();

        Assert.Equal("theirs", new StreamReader(other.OpenBlob(root)).ReadToEnd());
    }

    static string[] Files(World world, string directory)
    {
        var path = Path.Join(world.StorePath, directory);
        return Directory.Exists(path) ? Directory.GetFiles(path, "*", SearchOption.AllDirectories) : [];
    }
}

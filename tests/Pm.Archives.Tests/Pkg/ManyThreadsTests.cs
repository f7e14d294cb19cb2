using System.Collections.Concurrent;
using System.Globalization;
using Pm.Archives.Tests.Tar;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Archives.Tests.Pkg;

/// <summary>A sink that takes several blobs at once gets them from several threads: nobody must be able to tell.</summary>
public sealed class ManyThreadsTests
{
    [Fact]
    public void Whoever_writes_first_the_package_is_the_same_and_holds_every_content()
    {
        var tar = Many(out var contents);
        var one = Read(tar, new MemoryBlobs(), out var expected);

        for (var seed = 0; seed < 5; seed++)
        {
            var sink = new ThreadedBlobs(new Random(seed));
            var root = Read(tar, sink, out var package);

            Assert.Equal(expected.Hash, package.Hash);
            Assert.Equal(one.Entries, root.Entries);
            Assert.Equal(one.Blobs, root.Blobs);
            Assert.Equal(contents.Select(c => MerkleRoot.Of(c)).ToHashSet(), sink.Roots.ToHashSet());
            Assert.Equal(0, sink.Open);
        }
    }

    [Fact]
    public void What_a_writer_throws_the_reader_throws_and_nobody_writes_on()
    {
        var tar = Many(out _);
        for (var failing = 0; failing < 1000; failing += 111)
        {
            var sink = new ThreadedBlobs(new Random(failing)) { FailsAt = failing };

            var failure = Assert.Throws<IOException>(() => Read(tar, sink, out _));

            Assert.Equal("the disk is full", failure.Message);
            var written = sink.Roots.Count;
            Assert.Equal(0, sink.Open);
            Assert.True(written < 1000);
        }
    }

    [Fact]
    public void An_archive_that_ends_too_early_leaves_no_writer_behind()
    {
        var tar = Many(out _);
        var sink = new ThreadedBlobs(new Random(1));

        Assert.Throws<PackageFormatException>(() => Read(tar[..(tar.Length * 2 / 3)], sink, out _));

        Assert.Equal(0, sink.Open);
    }

    [Fact]
    public void A_path_that_is_there_twice_is_refused_whatever_it_is()
    {
        foreach (var twice in new[] { new RawTar().File("a", "1").File("a", "2"), new RawTar().File("a", "1").Symlink("a", "b"),
            new RawTar().Symlink("a", "b").File("a", "2") })
        {
            var fault = Assert.Throws<PackageFormatException>(() => Read(twice.ToBytes(), new MemoryBlobs(), out _));
            Assert.Equal("PM2008", fault.Code);
        }
    }

    /// <summary>1,000 files, some larger than a batch and some of the same content, with hard links to them between.</summary>
    static byte[] Many(out List<byte[]> contents)
    {
        var random = new Random(7);
        contents = [];
        var tar = new RawTar();
        for (var i = 0; i < 1000; i++)
        {
            var content = new byte[i % 250 == 249 ? 400_000 : random.Next(3000)];
            random.NextBytes(content);
            if (i % 10 == 9)
            {
                content = contents[random.Next(contents.Count)];
            }

            contents.Add(content);
            var name = string.Create(CultureInfo.InvariantCulture, $"d{i % 7}/f{i}");
            tar.Header(new RawHeader(name, '0', content.Length).Mode(i % 3 == 0 ? 0b111_101_101 : 0b110_100_100)).Body(content);
            if (i % 50 == 49)
            {
                tar.Header(new RawHeader(name + ".link", '1').Link(name));
            }
        }

        return tar.ToBytes();
    }

    static RootTar Read(byte[] tar, IBlobSink sink, out Package package)
    {
        var builder = new PackageBuilder(PackageId.Parse("many@1.0.0"));
        var root = RootTar.Read(new MemoryStream(tar), sink, builder, PkgLimits.Default, "root.tar");
        package = builder.Build();
        return root;
    }

    sealed class ThreadedBlobs(Random random) : IBlobSink
    {
        readonly ConcurrentDictionary<MerkleRoot, bool> _roots = new();
        int _open;
        int _count;

        public ICollection<MerkleRoot> Roots => _roots.Keys;

        public int Open => Volatile.Read(ref _open);

        public int FailsAt { get; init; } = -1;

        public bool IsConcurrent => true;

        public IBlobWriter Create(bool executable)
        {
            Interlocked.Increment(ref _open);
            return new Writer(this);
        }

        void Dawdle()
        {
            int spins;
            lock (random)
            {
                spins = random.Next(200);
            }

            Thread.SpinWait(spins);
        }

        sealed class Writer(ThreadedBlobs sink) : IBlobWriter
        {
            readonly MerkleHasher _hasher = new();

            public void Append(ReadOnlySpan<byte> data)
            {
                sink.Dawdle();
                _hasher.Append(data);
            }

            public MerkleRoot Commit()
            {
                if (Interlocked.Increment(ref sink._count) - 1 == sink.FailsAt)
                {
                    throw new IOException("the disk is full");
                }

                var root = _hasher.Finish();
                sink._roots.TryAdd(root, true);
                return root;
            }

            public void Dispose() => Interlocked.Decrement(ref sink._open);
        }
    }
}

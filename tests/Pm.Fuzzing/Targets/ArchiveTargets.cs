using System.Text;
using Pm.Archives.Tests.Pkg;
using Pm.Archives.Tests.Tar;
using Pm.Archives.Tests.Unpacking;
using Pm.Archives.Tests.Zip;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Fuzzing.Gear;
using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Pkg;
using Pm.Packages.Tar;
using Pm.Packages.Zip;
using Pm.Repositories.Tests;
using Pm.Storage.Unpacking;

namespace Pm.Fuzzing.Targets;

/// <summary>Archives, and what they become on disk.</summary>
static class ArchiveTargets
{
    const int Small = 4 << 20;

    static readonly Type[] Refusals = [typeof(PackageFormatException), typeof(CodecException), typeof(BlobMismatchException)];

    static readonly TarLimits TarLimits = new() { MaximumEntries = 500, MaximumTotalBytes = Small, MaximumEntryBytes = Small };

    static readonly ZipLimits ZipLimits = new() { MaximumEntries = 500, MaximumTotalBytes = Small, MaximumEntryBytes = Small };

    static readonly UnpackOptions UnpackOptions = new()
    {
        Tar = TarLimits,
        Zip = ZipLimits,
        MaximumEntries = 200,
        MaximumTotalBytes = 1 << 20,
        MaximumDepth = 20,
        RatioFloor = 1 << 16,
    };

    static readonly SamplePackage Sample = new("foo@1.0.0", "hello");

    public static IEnumerable<FuzzTarget> All { get; } =
    [
        new("tar", ReadTar) { Seeds = Tars, Allowed = Refusals, Words = Words.Tar, Repair = TarRepair.Headers },
        new("zip", ReadZip) { Seeds = Zips, Allowed = Refusals, Words = Words.Zip, MemoryLimit = 64 << 20 },
        new("pkg", ReadPkg)
        {
            Seeds = () => [new HandMade { Compression = Compression.None }.ToBytes(), new HandMade().Set("meta/note", "n").Set("bin/pre-install", "#!/bin/sh\n").ToBytes(), Sample.ToPkg()],
            Allowed = Refusals,
            Words = [.. Words.Tar, .. Words.Yaml],
            Repair = TarRepair.Pkg,
            MemoryLimit = 64 << 20,
        },
        new("far-archive", ReadFarArchive)
        {
            Seeds = () => [FarOf(Sample)],
            Allowed = Refusals,
            Words = [.. Words.Binary, .. Words.Hex],
            MaximumLength = 128 << 10,
        },
        new("unpack/tar", b => Unpack(b, UnpackOptions)) { Seeds = Tars, Allowed = Refusals, Words = Words.Tar, Repair = TarRepair.Headers },
        new("unpack/lenient", b => Unpack(b, UnpackOptions with { AllowsSetId = true, SkipsSpecial = true, RewritesLinks = true }))
        {
            Seeds = () => Tars().Concat(Zips()),
            Allowed = Refusals,
            Words = Words.Tar,
            Repair = TarRepair.Headers,
        },
        new("unpack/other", b => Unpack(b, UnpackOptions))
        {
            Seeds = () => [.. Zips(), FarOf(Sample), HandMade.Pack(Tars().First(), Compression.Gzip), HandMade.Pack(Tars().First(), Compression.Zstandard)],
            Allowed = Refusals,
            Words = Words.Zip,
        },
    ];

    static IEnumerable<byte[]> Tars()
    {
        yield return new RawTar().Directory("./").Directory("./bin/").File("./bin/tool", "#!/bin/sh\n", 0x1ed).Symlink("./bin/t", "tool").HardLink("./bin/u", "./bin/tool").ToBytes();
        yield return new RawTar().LongName("d/" + new string('n', 150)).File("short", "x").LongLink("d/" + new string('n', 150)).Symlink("l", "s").ToBytes();
        yield return new RawTar().GlobalPax(RawHeader.PaxRecord("mtime", "1.5")).Pax(RawHeader.PaxRecord("path", "p/é"), RawHeader.PaxRecord("uname", "foo")).File("short", "hello").ToBytes();
        yield return new RawTar().Pax(RawHeader.PaxRecord("GNU.sparse.major", "1"), RawHeader.PaxRecord("GNU.sparse.minor", "0"),
            RawHeader.PaxRecord("GNU.sparse.name", "s"), RawHeader.PaxRecord("GNU.sparse.realsize", "2048")).File("GNUSparseFile.0/s", "1\n1024\n512\n".PadRight(512, '\0') + new string('d', 512)).ToBytes();
        yield return new RawTar().Pax(RawHeader.PaxRecord("GNU.sparse.size", "900"), RawHeader.PaxRecord("GNU.sparse.map", "100,5,600,5")).File("s", "0123456789").ToBytes();
        yield return new RawTar().Header(new RawHeader("old", 'S', 512).Gnu().Octal(386, 12, 512).Octal(398, 12, 512).Octal(483, 12, 1024)).Body(new byte[512]).ToBytes();
        yield return new RawTar().Header(new RawHeader("v7").V7()).Header(new RawHeader("name").Prefix("some/prefix")).ToBytes(withEnd: false);

        using var written = new MemoryStream();
        var writer = new TarWriter(written);
        writer.WriteDirectory("a");
        writer.WriteFile("a/" + new string('é', 120), 0x1ed, "content"u8);
        writer.WriteSymlink("a/l", "../b");
        writer.Finish();
        yield return written.ToArray();
    }

    static IEnumerable<byte[]> Zips()
    {
        yield return new RawZip().Add(RawZip.File("a/b", "hello hello hello")).Add(RawZip.Symlink("l", "a/b")).Add(RawZip.File("c", "x") with { Method = 0, HasDescriptor = true }).ToBytes();
        yield return new RawZip().Prefix("#!/bin/sh\n").Add(RawZip.File("é", "y") with { Flags = 0x800, Extra = [0x55, 0x54, 5, 0, 1, 1, 2, 3, 4] }).ToBytes(comment: "c");
        foreach (var (method, compression) in new[] { (12, Compression.Bzip2), (93, Compression.Zstandard), (95, Compression.Xz) })
        {
            var packed = HandMade.Pack(Encoding.UTF8.GetBytes("some text"), compression);
            yield return new RawZip().Add(new RawZip.Member("m", packed) { Method = method, StatedSize = 9, StatedCrc = RawZip.Crc("some text"u8) }).ToBytes();
        }
    }

    static byte[] FarOf(SamplePackage sample)
    {
        using var target = new MemoryStream();
        FarArchive.Write(target, sample.Package, sample.Blobs.Open);
        return target.ToArray();
    }

    static void ReadTar(byte[] bytes)
    {
        var reader = new TarReader(new MemoryStream(bytes), TarLimits, "x");
        var entries = 0;
        while (reader.Next() is { } entry)
        {
            Assert.DoesNotContain('\0', entry.Path);
            Assert.True(++entries <= TarLimits.MaximumEntries);

            // Of every third entry the content is left to the reader to skip.
            if (entries % 3 != 0)
            {
                Assert.Equal(entry.Size, Reading.Drain(reader.Data, long.MaxValue));
            }
        }
    }

    static void ReadZip(byte[] bytes)
    {
        var reader = ZipReader.Open(new MemoryStream(bytes), ZipLimits, "x");
        foreach (var entry in reader.Entries)
        {
            if (entry.Kind == ZipEntryKind.Symlink)
            {
                _ = reader.ReadLinkTarget(entry);
            }
            else
            {
                using var data = reader.OpenData(entry);
                Assert.Equal(entry.Size, Reading.Drain(data, long.MaxValue));
            }
        }
    }

    /// <summary>What is accepted is written again, and is the same package.</summary>
    static void ReadPkg(byte[] bytes)
    {
        var blobs = new MemoryBlobs();
        using var archive = PkgArchive.Open(new MemoryStream(bytes), "x", new PkgLimits { MaximumMembers = 500, MaximumMetaBytes = Small, Root = TarLimits with { RefusesTrailingData = true } });
        var package = archive.Expand(blobs);
        using var target = new MemoryStream();
        PkgWriter.Write(target, new MemoryStream(), package, blobs.Open, new PkgWriteOptions { Compression = Compression.None });
        using var again = PkgArchive.Open(new MemoryStream(target.ToArray()), "written", new PkgLimits { AllowsOutsideLinks = true });
        Assert.Equal(package.Hash, again.Expand(new MemoryBlobs()).Hash);
    }

    static void ReadFarArchive(byte[] bytes)
    {
        var blobs = new MemoryBlobs();
        using var archive = FarArchive.Open(new MemoryStream(bytes), "x");
        var package = archive.Expand(blobs);
        using var target = new MemoryStream();
        FarArchive.Write(target, package, blobs.Open);
        using var again = FarArchive.Open(new MemoryStream(target.ToArray()), "written");
        Assert.Equal(package.Hash, again.Package.Hash);
        Assert.Equal(archive.Blobs, again.Blobs);
    }

    [ThreadStatic]
    static Playground? _playground;

    /// <summary>Kept for all inputs, removed when the process ends.</summary>
    static Playground NewPlayground()
    {
        var playground = new Playground();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => playground.Dispose();
        return playground;
    }

    static void Unpack(byte[] bytes, UnpackOptions options)
    {
        var playground = _playground ??= NewPlayground();
        try
        {
            playground.Unpack(bytes, options);
        }
        finally
        {
            if (Directory.Exists(playground.Destination))
            {
                using var top = DirectoryHandle.Open(playground.Top);
                top.RemoveTree("dest");
            }
        }
    }
}

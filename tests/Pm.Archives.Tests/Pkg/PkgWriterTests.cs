using System.Text;
using Pm.Archives.Tests.Tar;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Far;
using Pm.Packages.Pkg;

namespace Pm.Archives.Tests.Pkg;

public class PkgWriterTests
{
    static readonly PackageId Id = PackageId.Parse("owner/sample@2.0.0-rc.1");

    static byte[] Write(Package package, MemoryBlobs blobs, PkgWriteOptions? options = null)
    {
        var target = new MemoryStream();
        PkgWriter.Write(target, new MemoryStream(), package, blobs.Open, options);
        return target.ToArray();
    }

    static PkgArchive Open(byte[] bytes) => PkgArchive.Open(new MemoryStream(bytes), "x.pkg");

    static byte[] Yaml => "name: owner/sample\nversion: 2.0.0-rc.1\ndescription: x\nfuture-field: kept\n"u8.ToArray();

    static Package Random(Random random, MemoryBlobs blobs)
    {
        var builder = new PackageBuilder(Id) { KeepsSetId = true };
        for (var i = random.Next(8); i >= 0; i--)
        {
            var content = new byte[random.Next(3) == 0 ? random.Next(40_000) : random.Next(20)];
            random.NextBytes(content);
            int[] modes = [0x1a4, 0x1ed, 0x9ed, 0x180, 0x1c0];
            string?[] owners = [null, null, "daemon"];
            builder.AddFile(
                $"d{random.Next(3)}/f{i}{(random.Next(9) == 0 ? new string('n', 200) : "")}{(random.Next(9) == 0 ? "=å" : "")}",
                blobs.Add(content), modes[random.Next(modes.Length)], owners[random.Next(3)]);
        }

        if (random.Next(2) == 0)
        {
            builder.AddSymlink("l", "d0").AddDirectory("empty", random.Next(2) == 0 ? 0x3ff : 0x1ed).AddDirectory("d0", 0x1c0);
        }

        if (random.Next(3) > 0)
        {
            builder.AddMeta("meta/meta.yaml", Yaml);
        }

        if (random.Next(3) == 0)
        {
            builder.AddMeta("meta/package", """{"name":"owner--sample","version":"2.0.0-rc.1"}"""u8.ToArray());
        }

        if (random.Next(2) == 0)
        {
            builder.AddMeta("meta/bin/pre-install", "#!/bin/sh\n"u8.ToArray()).AddMeta("meta/bin/pre-ugrade", "y"u8.ToArray())
                .AddMeta("meta/bin/unknown", "z"u8.ToArray()).AddMeta("meta/deep/file", new byte[] { 0, 255 });
        }

        return builder.Build();
    }

    [Fact]
    public void Every_package_survives_pkg_and_far_with_its_hash()
    {
        var random = new Random(42);
        for (var round = 0; round < 150; round++)
        {
            var blobs = new MemoryBlobs();
            var package = Random(random, blobs);
            var compression = (Compression)random.Next(5);
            var fromPkg = new MemoryBlobs();
            var fromFar = new MemoryBlobs();
            var far = new MemoryStream();

            using var archive = Open(Write(package, blobs, new PkgWriteOptions { Compression = compression }));
            var read = archive.Expand(fromPkg);
            FarArchive.Write(far, read, fromPkg.Open);
            using var opened = FarArchive.Open(new MemoryStream(far.ToArray()), "x.far");
            var again = opened.Expand(fromFar);

            Assert.Equal((package.Hash, package.Hash, package.Hash), (read.Hash, again.Hash, archive.ClaimedHash!.Value));
            Assert.Equal(package.MetaFar.ToArray(), again.MetaFar.ToArray());
            Assert.All(package.Entries.Where(e => e.Kind == EntryKind.File), e => Assert.True(fromFar.Contains(e.Root)));
        }
    }

    [Fact]
    public void The_same_package_gives_the_same_bytes()
    {
        var blobs = new MemoryBlobs();
        var package = Random(new Random(1), blobs);

        Assert.Equal(Write(package, blobs), Write(package, blobs));
    }

    [Fact]
    public void Members_stand_in_the_documented_order_and_only_what_cannot_be_derived_is_there()
    {
        var blobs = new MemoryBlobs();
        var package = new PackageBuilder(Id).AddFile("a", blobs.Add("x"u8), 0x1ed).AddMeta("meta/meta.yaml", Yaml)
            .AddMeta("meta/bin/post-install", "s"u8.ToArray()).Build();

        var bytes = Write(package, blobs, new PkgWriteOptions { Sign = _ => "asc"u8.ToArray() });

        Assert.Equal(
            ["File manifest.sha256", "File manifest.sha256.asc", "File package.merkle", "File meta.yaml", "Directory bin",
                "File bin/post-install", "File bom.sha256", "File root.tar.zst"],
            TarText.Read(bytes).Select(l => l.Split(" [")[0]));
    }

    [Fact]
    public void The_manifest_and_the_bom_have_the_form_of_the_original()
    {
        var blobs = new MemoryBlobs();
        var package = new PackageBuilder(Id).AddFile("b", blobs.Add("x"u8)).AddSymlink("a", "b").AddMeta("meta/meta.yaml", Yaml).Build();

        using var archive = Open(Write(package, blobs, new PkgWriteOptions { Compression = Compression.Bzip2 }));

        Assert.Equal(
            ["bom.sha256", "meta.yaml", "package.merkle", "root.tar.bz2"], archive.Manifest.Entries.Select(e => e.Name));
        Assert.Equal(
            $"{HandMade.Sum("")}\ta\n{HandMade.Sum("x")}\tb\n", Encoding.UTF8.GetString(archive.Optional("bom.sha256")!.Value.Span));
        Assert.Equal(package.Hash.ToString(), Encoding.ASCII.GetString(archive.Optional("package.merkle")!.Value.Span));
    }

    [Fact]
    public void The_signature_is_over_the_bytes_of_the_manifest()
    {
        var blobs = new MemoryBlobs();
        var package = Random(new Random(3), blobs);
        byte[] signed = [];

        using var archive = Open(Write(package, blobs, new PkgWriteOptions
        {
            Sign = manifest =>
            {
                signed = manifest.ToArray();
                return "-----BEGIN PGP SIGNATURE-----"u8.ToArray();
            },
        }));

        Assert.Equal(signed, archive.SignedManifest.ToArray());
        Assert.Equal("-----BEGIN PGP SIGNATURE-----"u8.ToArray(), archive.SignedBy!.Value.ToArray());
        Assert.True(PkgManifest.Covers(ChecksumList.Parse(signed, "x"), package.Hash));
        Assert.False(PkgManifest.Covers(ChecksumList.Parse(signed, "x"), MerkleRoot.Of([])));
    }

    [Fact]
    public void A_package_rebuilt_from_blobs_says_so_and_carries_the_publishers_signature()
    {
        var blobs = new MemoryBlobs();
        var package = Random(new Random(4), blobs);
        using var published = Open(Write(package, blobs, new PkgWriteOptions { Sign = _ => "asc"u8.ToArray() }));

        using var rebuilt = Open(Write(package, blobs, new PkgWriteOptions
        {
            Compression = Compression.Gzip,
            OriginManifest = published.ManifestBytes,
            OriginSignature = published.Signature,
        }));

        Assert.Equal((false, true), (published.IsRebuilt, rebuilt.IsRebuilt));
        Assert.Equal(published.ManifestBytes.ToArray(), rebuilt.SignedManifest.ToArray());
        Assert.Equal("asc"u8.ToArray(), rebuilt.SignedBy!.Value.ToArray());
        Assert.Equal(package.Hash, rebuilt.Expand(new MemoryBlobs()).Hash);
    }

    [Fact]
    public void A_rebuilt_package_whose_publishers_manifest_speaks_of_another_package_is_refused()
    {
        var blobs = new MemoryBlobs();
        var package = Random(new Random(5), blobs);
        using var other = Open(Write(Random(new Random(6), blobs), blobs, new PkgWriteOptions { Sign = _ => "asc"u8.ToArray() }));

        var bytes = Write(package, blobs, new PkgWriteOptions
        {
            OriginManifest = other.ManifestBytes,
            OriginSignature = other.Signature,
        });

        Assert.Equal("PM2301", Assert.Throws<PackageFormatException>(() => Open(bytes)).Code);
    }

    [Fact]
    public void A_blob_that_is_not_what_the_package_names_is_never_written_unnoticed()
    {
        var blobs = new MemoryBlobs();
        var package = new PackageBuilder(Id).AddFile("a", blobs.Add("right"u8)).Build();

        Assert.Throws<BlobMismatchException>(() => PkgWriter.Write(
            new MemoryStream(), new MemoryStream(), package, _ => new MemoryStream("wrong"u8.ToArray())));
        Assert.Throws<BlobMismatchException>(() => FarArchive.Write(
            new MemoryStream(), package, _ => new MemoryStream("wrong"u8.ToArray())));
    }

    [Fact]
    public void A_far_with_a_blob_too_many_too_few_altered_or_misnamed_is_refused()
    {
        var blobs = new MemoryBlobs();
        var package = new PackageBuilder(Id).AddFile("a", blobs.Add("content"u8)).Build();
        var files = new Dictionary<string, ReadOnlyMemory<byte>>
        {
            ["meta.far"] = package.MetaFar,
            [package.Entries[0].Root.ToString()] = "content"u8.ToArray(),
        };

        Assert.Equal("content", Read(files));
        Assert.Equal("PM2305", Code(new(files) { [MerkleRoot.Of("more"u8).ToString()] = "more"u8.ToArray() }));
        Assert.Equal("PM2305", Code(new(files) { ["name"] = "more"u8.ToArray() }));
        Assert.Equal("PM2305", Code(new() { ["meta.far"] = package.MetaFar }));
        Assert.Equal("PM2305", Code(new() { [package.Entries[0].Root.ToString()] = "content"u8.ToArray() }));
        Assert.Throws<BlobMismatchException>(
            () => Read(new(files) { [package.Entries[0].Root.ToString()] = "Content"u8.ToArray() }));

        static string Read(Dictionary<string, ReadOnlyMemory<byte>> files)
        {
            using var far = FarArchive.Open(new MemoryStream(FarWriter.ToBytes(files)), "x.far");
            var sink = new MemoryBlobs();
            far.Expand(sink);
            return Encoding.UTF8.GetString(sink[far.Blobs.Single().Root].Span);
        }

        static string Code(Dictionary<string, ReadOnlyMemory<byte>> files) =>
            Assert.Throws<PackageFormatException>(() => Read(files)).Code;
    }
}

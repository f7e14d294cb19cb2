using System.Diagnostics;
using Pm.Archives.Tests.Pkg;
using Pm.Archives.Tests.Tar;
using Pm.Blobs;
using Pm.Codecs;
using Pm.Packages;
using Pm.Packages.Pkg;
using Pm.Storage.Packing;

namespace Pm.Archives.Tests.Packing;

public sealed class PackageSourceTests : IDisposable
{
    const UnixFileMode Executable = (UnixFileMode)0x1ed;

    readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    string Refusal(PackOptions? options = null)
    {
        var fault = Assert.Throws<PackageFormatException>(() => _folder.Read(options).Dispose());
        return $"{fault.Code} {fault.Message}";
    }

    [Fact]
    public void A_plain_tree_becomes_a_package_that_reads_back()
    {
        _folder.File("root/bin/tool", "#!/bin/sh\n", Executable).File("root/share/text", "hello").Link("root/bin/t", "tool")
            .File("bin/post-install", "#!/bin/sh\n", Executable).File("meta/sbom.cdx.json", "{}");
        Directory.CreateDirectory(_folder.At("root/empty"));
        using var archive = PkgArchive.Open(new MemoryStream(_folder.Pack()), "x");
        var blobs = new MemoryBlobs();

        var package = archive.Expand(blobs);

        Assert.Equal(
            ["bin/t", "bin/tool", "empty", "share/text"], package.Entries.Select(e => e.Path));
        Assert.Equal("hello"u8.ToArray(), blobs[package.Entries[3].Root].ToArray());
        Assert.NotNull(package.Hook(HookMoment.PostInstall));
        Assert.Equal("{}"u8.ToArray(), package.MetaFiles["meta/sbom.cdx.json"].ToArray());
    }

    [Fact]
    public void The_same_tree_gives_the_same_bytes_whoever_packs_it_when()
    {
        _folder.File("root/a").File("root/b", "y", Executable).File("root/d/c");
        var first = _folder.Pack();
        using var second = new SourceFolder();
        second.File("root/d/c", mode: (UnixFileMode)0x1b6).File("root/b", "y", (UnixFileMode)0x16d).File("root/a", mode: (UnixFileMode)0x124);
        File.SetLastWriteTimeUtc(second.At("root/a"), DateTime.UnixEpoch.AddYears(40));

        Assert.Equal(first, second.Pack(new PackOptions { Threads = 1 }));
    }

    [Theory]
    [InlineData(Compression.None)]
    [InlineData(Compression.Bzip2)]
    [InlineData(Compression.Zstandard)]
    public void A_root_tar_gives_the_same_package_as_the_tree_in_it(Compression compression)
    {
        using var tree = new SourceFolder();
        tree.File("root/a", "1").File("root/d/b", "2", Executable).Link("root/l", "a");
        File.WriteAllBytes(_folder.At("root.tar" + CompressionFormat.Suffix(compression)), HandMade.Pack(
            new RawTar().Directory("./").File("./a", "1").File("./d/b", "2", 0x1ed).Symlink("./l", "a").ToBytes(), compression));
        _folder.File("bom.sha256", "of an earlier run");
        using var source = _folder.Read();

        Assert.Equal(tree.Pack(), _folder.Pack());
        Assert.Equal(["bom.sha256 is made anew"], source.Notes);
    }

    [Theory]
    [InlineData("README")]
    [InlineData(".git/config")]
    [InlineData("root.txt")]
    [InlineData("bin/other")]
    [InlineData("meta.yaml.orig")]
    public void What_no_package_has_is_an_error(string path)
    {
        _folder.File("root/a").File(path, mode: Executable);

        Assert.StartsWith("PM2306 sample", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_missing_or_there_twice_is_an_error()
    {
        Assert.Contains("root/", Refusal(), StringComparison.Ordinal);
        _folder.File("root/a").File("root.tar", "");
        Assert.Contains("only one of", Refusal(), StringComparison.Ordinal);
        File.Delete(_folder.At("root.tar"));
        File.Delete(_folder.At("meta.yaml"));
        Assert.Contains("meta.yaml", Refusal(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_hook_must_be_executable()
    {
        _folder.File("root/a").File("bin/pre-install", mode: (UnixFileMode)0x1a4);

        Assert.Equal("PM2306 sample/bin/pre-install: a hook must be an executable file", Refusal());
    }

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../up")]
    public void Links_that_lead_outside_are_packed_only_on_request(string target)
    {
        _folder.Link("root/l", target);

        Assert.StartsWith("PM2212 sample/root/l", Refusal(), StringComparison.Ordinal);
        using var source = _folder.Read(new PackOptions { AllowsOutsideLinks = true });
        Assert.Equal(target, source.Package.Entries[0].Target);
    }

    [Fact]
    public void Set_id_bits_are_packed_only_on_request_and_said_to_be_left_out()
    {
        _folder.File("root/su", mode: (UnixFileMode)0x9ed);
        using var plain = _folder.Read();
        using var privileged = _folder.Read(new PackOptions { AllowsSetId = true });

        Assert.Equal((0x1ed, 0x9ed), (plain.Package.Entries[0].Mode, privileged.Package.Entries[0].Mode));
        Assert.Contains("su", plain.Notes.Single(), StringComparison.Ordinal);
        Assert.Empty(privileged.Notes);
    }

    [Fact]
    public void A_fifo_or_a_socket_is_an_error_and_is_not_waited_for()
    {
        _folder.File("root/a");
        Process.Start("mkfifo", _folder.At("root/pipe")).WaitForExit();

        Assert.Equal("PM2213 sample/root/pipe: a package cannot hold a FIFO", Refusal());
    }

    [Fact]
    public void A_file_that_changes_between_hashing_and_writing_is_noticed()
    {
        _folder.File("root/a", "before");
        using var source = _folder.Read();
        File.WriteAllText(_folder.At("root/a"), "after!");

        Assert.Throws<BlobMismatchException>(() => PkgWriter.Write(
            new MemoryStream(), new MemoryStream(), source.Package, source.OpenBlob));
    }

    [Fact]
    public void Large_files_are_hashed_by_several_threads_to_the_same_root()
    {
        var bytes = new byte[20 << 20];
        new Random(9).NextBytes(bytes);
        Directory.CreateDirectory(_folder.At("root"));
        File.WriteAllBytes(_folder.At("root/big"), bytes);

        using var source = _folder.Read();

        Assert.Equal(MerkleRoot.Of(bytes), source.Package.Entries[0].Root);
    }

    [Fact]
    public void A_package_unpacked_as_source_packs_to_the_same_bytes()
    {
        _folder.File("root/bin/tool", "x", Executable).File("root/secret", "y", (UnixFileMode)0x180).Link("root/l", "bin/tool")
            .File("bin/pre-remove", "z", Executable).File("meta/extra/file", "e");
        Directory.CreateDirectory(_folder.At("root/empty"));
        var packed = _folder.Pack();
        using var archive = PkgArchive.Open(new MemoryStream(packed), "x");
        var blobs = new MemoryBlobs();
        var package = archive.Expand(blobs);
        using var again = new SourceFolder();
        File.Delete(again.At("meta.yaml"));
        using (var directory = Pm.Linux.DirectoryHandle.Open(again.Path))
        using (var unpacker = new Pm.Storage.Unpacking.SafeUnpacker(
            directory, false, Pm.Storage.Unpacking.UnpackOptions.Default, "x", () => long.MaxValue))
        {
            Pm.Storage.Unpacking.PackageExpansion.WriteSource(package, blobs.Open, unpacker);
            unpacker.Finish();
        }

        Assert.Equal(packed, again.Pack());
    }
}

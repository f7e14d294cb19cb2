using System.Diagnostics;
using Pm.Packages;
using Pm.Packages.Pkg;

namespace Pm.Archives.Tests.Packing;

/// <summary>What strangers' tools make, pm reads; what pm makes, they check.</summary>
public sealed class ToolsTests : IDisposable
{
    readonly SourceFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("(cd root && find . -type f -exec sha256sum {} +) > bom.sha256", "sha256sum meta.yaml bom.sha256 root.tar.bz2 bin/*")]
    [InlineData("(cd root && find . -type f -printf '%P\\0' | xargs -0 sha256sum -b) > bom.sha256", "sha256sum ./bin/* ./*.*")]
    [InlineData(
        "tar -tf root.tar.bz2 | grep -v '/$' | while read -r f; do printf '%s\\t%s\\n' $(tar -xOf root.tar.bz2 \"$f\" | sha256sum | cut -d' ' -f1) \"$f\"; done > bom.sha256",
        "for f in bin/* bom.sha256 meta.yaml root.tar.bz2; do printf '%s\\t%s\\n' $(sha256sum < \"$f\" | cut -d' ' -f1) \"$f\"; done")]
    public void A_package_made_by_hand_with_tar_bzip2_and_sha256sum_expands(string bom, string manifest)
    {
        _folder.File("root/bin/tool", "#!/bin/sh\n", (UnixFileMode)0x1ed).File("root/share/a text", "hello").Link("root/bin/t", "tool")
            .File("bin/post-install", "true", (UnixFileMode)0x1ed);
        File.CreateSymbolicLink(_folder.At("root/share/up"), "../bin");
        Shell("ln root/bin/tool root/bin/hard && tar -cjf root.tar.bz2 -C root .");
        Shell(bom);
        Shell("mv root ../root-$$; " + manifest + " > ../m-$$; mv ../m-$$ manifest.sha256; mv ../root-$$ root");
        Shell("tar -cf ../$$.pkg --exclude ./root . && mv ../$$.pkg made.pkg");

        using var archive = PkgArchive.Open(File.OpenRead(_folder.At("made.pkg")), "made.pkg");
        var package = archive.Expand(new MemoryBlobs());

        Assert.Equal(
            ["bin/hard", "bin/t", "bin/tool", "share/a text", "share/up"], package.Entries.Select(e => e.Path));
        Assert.Equal(package.Entries[0].Root, package.Entries[2].Root);
    }

    [Fact]
    public void Tar_and_sha256sum_check_what_pm_makes()
    {
        _folder.File("root/bin/tool", "#!/bin/sh\n", (UnixFileMode)0x1ed).File("root/" + new string('n', 180) + "/file").Link("root/l", "bin/tool")
            .File("bin/post-install", "true", (UnixFileMode)0x1ed);
        var packed = _folder.Pack();
        using var source = _folder.Read();
        var target = new MemoryStream();
        PkgWriter.Write(target, new MemoryStream(), source.Package, source.OpenBlob, new PkgWriteOptions { Compression = Codecs.Compression.Bzip2 });
        Directory.CreateDirectory(_folder.At("out"));
        File.WriteAllBytes(_folder.At("out/made.pkg"), target.ToArray());

        Shell("cd out && tar -xf made.pkg && sed 's/\\t/  /' manifest.sha256 | sha256sum --strict -c");
        Shell("cd out && mkdir files && tar -xjf root.tar.bz2 -C files && cd files && sed 's/\\t/  /' ../bom.sha256 | grep -v '  l$' | sha256sum --strict -c");
        Shell("diff -r --no-dereference root out/files && test -x out/files/bin/tool");
        Assert.NotEmpty(packed);
    }

    void Shell(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-euc", script])
        {
            WorkingDirectory = _folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var output = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (output.Contains("bzip2: Cannot exec", StringComparison.Ordinal))
        {
            Assert.Skip("bzip2 is not installed");
        }

        Assert.True(process.ExitCode == 0, $"{script}: {output}");
    }
}

using System.Text;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;
using Xunit;

namespace Pm.Storage.Tests;

public sealed class VerificationTests
{
    [Theory]
    [InlineData(RootKind.Prefix)]
    [InlineData(RootKind.Application)]
    public void Every_kind_of_damage_is_found_and_mended(RootKind kind)
    {
        using var world = new World(kind);
        var foo = world.Save(
            new PackageBuilder(PackageId.Parse("foo@1")).AddDirectory("private", 0b111_000_000),
            ("a/missing", "m"), ("a/changed", "c"), ("link", "→a"), ("a/kind", "k"), ("etc/conf", "conf"), ("good", "good"),
            ("a/mode", "mode"), ("gone/in", "in"));
        world.Install(foo);
        var before = world.Tree();
        var top = world.Root.ContentPath;
        File.Delete(Path.Join(top, "a/missing"));
        world.Replace("a/changed", "other");
        File.Delete(Path.Join(top, "link"));
        File.CreateSymbolicLink(Path.Join(top, "link"), "elsewhere");
        File.Delete(Path.Join(top, "a/kind"));
        File.CreateSymbolicLink(Path.Join(top, "a/kind"), "changed");
        world.Write("etc/conf", "edited");
        Directory.Delete(Path.Join(top, "gone"), true);
        using (var handle = DirectoryHandle.Open(top))
        {
            handle.SetMode("private", 0b111_101_101);
            using var a = handle.OpenBeneath("a");
            a.SetMode("mode", 0b110_110_110);
        }

        var report = Verification.Verify(world.Root, world.Store, new VerificationOptions());

        Assert.Equal(
            [
                "a/changed Changed", "a/kind WrongKind", "a/missing Missing", "a/mode Mode", "etc/conf Edited", "gone Missing",
                "gone/in Missing", "link Target", "private Mode",
            ],
            report.Findings.Select(f => $"{f.Path} {f.Kind}").Order(StringComparer.Ordinal));
        Assert.False(report.IsClean);
        Assert.True(Repair(world).IsClean);
        var after = world.Tree();
        Assert.Equal("f 0644 edited", after["etc/conf"]);
        Assert.Equal("f 0644 other", after["a/changed.pm-save"]);
        foreach (var extra in after.Keys.Except(before.Keys).Append("etc/conf").ToList())
        {
            after.Remove(extra);
        }
        before.Remove("etc/conf");
        SnapshotAssert.Equal(before, after, "mended");
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
    }

    [Fact]
    public void Owners_and_capabilities_that_nobody_gave_are_found_and_mended()
    {
        Assert.SkipUnless(SystemUser.IsRoot, "only the super-user can give files away");
        using var world = new World();
        var owned = new PackageBuilder(PackageId.Parse("foo@1"));
        owned.AddDirectory("dir", 0b111_101_101);
        world.Install(world.Save(owned, ("bin/given", "#!given"), ("bin/able", "#!able"), ("bin/good", "#!good")));
        var top = world.Root.ContentPath;
        using (var handle = DirectoryHandle.Open(top))
        {
            handle.SetOwner("dir", 65534, 65534);
            using var bin = handle.OpenBeneath("bin");
            bin.SetOwner("given", 65534, 65534);
            using var able = bin.OpenRead("able");

            // cap_net_admin, permitted and effective; source: capability.h, struct vfs_cap_data.
            ExtendedAttributes.Set(able, "security.capability", [1, 0, 0, 2, 0, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        }

        var findings = Verification.Verify(world.Root, world.Store, new VerificationOptions()).Findings;

        Assert.Equal(["bin/able Capabilities", "bin/given Owner", "dir Owner"], findings.Select(f => $"{f.Path} {f.Kind}").Order(StringComparer.Ordinal).Distinct());
        Assert.True(Repair(world).IsClean);
        Assert.True(Verification.Verify(world.Root, world.Store, new VerificationOptions()).IsClean);
    }

    [Fact]
    public void What_cannot_be_read_hides_nothing_else()
    {
        using var world = new World();
        world.Install(world.Save("foo", "1", ("a/device", "d"), ("a/huge", "h"), ("a/secret", "s"), ("a/changed", "c"), ("b/in", "i")));
        var top = world.Root.ContentPath;
        world.Replace("a/changed", "other");
        world.Replace("a/huge", "");
        using (var huge = File.OpenHandle(Path.Join(top, "a/huge"), FileMode.Open, FileAccess.ReadWrite))
        {
            // More than is ever hashed, and on a disk nothing.
            RandomAccess.SetLength(huge, 65L << 40);
        }

        List<string> expected = ["a/changed Changed", "a/huge Changed"];
        if (SystemUser.IsRoot)
        {
            // A device that no driver answers for.
            File.Delete(Path.Join(top, "a/device"));
            Assert.Equal(0, ChildProcess.Run(new ChildOptions { FileName = "/usr/bin/mknod", Arguments = [Path.Join(top, "a/device"), "c", "10", "130"] }).ExitCode);
            expected.Add("a/device WrongKind");
        }
        else
        {
            world.Replace("a/secret", "");
            File.SetUnixFileMode(Path.Join(top, "a/secret"), UnixFileMode.None);
            File.SetUnixFileMode(Path.Join(top, "b"), UnixFileMode.None);
            expected.AddRange(["a/secret Unreadable", "b Unreadable"]);
        }

        var report = Verification.Verify(world.Root, world.Store, new VerificationOptions());

        Assert.Equal(expected.Order(StringComparer.Ordinal), report.Findings.Select(f => $"{f.Path} {f.Kind}").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_blob_edited_through_one_of_its_links_is_damage_of_the_store_and_mended_from_a_good_copy()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "content"), ("b", "content"));
        world.Install(foo);
        var path = Path.Join(world.RootPath, "a");
        using (var top = DirectoryHandle.Open(world.RootPath))
        {
            top.SetMode("a", 0b110_100_100);
        }
        File.WriteAllText(path, "edited!");

        var report = Verification.Verify(world.Root, world.Store, new VerificationOptions());
        Assert.Equal(["a DamagedBlob", "b DamagedBlob"], report.Findings.Select(f => $"{f.Path} {f.Kind}"));
        Assert.Equal("edited!".Length, report.HashedBytes);

        Assert.False(Repair(world).IsClean);
        var mended = Repair(world, root => new MemoryStream(Encoding.UTF8.GetBytes("content")));

        Assert.True(mended.IsClean);
        Assert.Equal("content", world.Read("a"));
        Assert.Equal("content", world.Read("b"));
        Assert.Empty(Verification.Verify(world.Root, world.Store, new VerificationOptions()).Findings);
    }

    [Fact]
    public void A_replacement_that_is_not_the_blob_is_not_taken()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "content"));
        world.Install(foo);
        File.Delete(Path.Join(world.RootPath, "a"));
        File.Delete(world.Store.BlobPath(new BlobName(foo.Entries[0].Root, false)));

        var report = Repair(world, root => new MemoryStream(Encoding.UTF8.GetBytes("evil")));

        Assert.False(report.IsClean);
        Assert.False(world.Exists("a"));
    }

    [Fact]
    public void Only_the_named_package_is_looked_at()
    {
        using var world = new World();
        world.Install(world.Save("a", "1", ("a", "a")), world.Save("b", "1", ("b", "b")));
        File.Delete(Path.Join(world.RootPath, "a"));

        var options = new VerificationOptions { Packages = [PackageName.Parse("b")] };

        Assert.True(Verification.Verify(world.Root, world.Store, options).IsClean);
        var unknown = new VerificationOptions { Packages = [PackageName.Parse("c")] };
        Assert.Throws<NotInstalledException>(() => Verification.Verify(world.Root, world.Store, unknown));
    }

    [Fact]
    public void A_link_in_the_place_of_a_directory_is_named_and_never_followed()
    {
        using var world = new World();
        world.Install(world.Save("a", "1", ("lib/a", "a")));
        var elsewhere = Directory.CreateDirectory(Path.Join(world.Home, "elsewhere")).FullName;
        File.WriteAllText(Path.Join(elsewhere, "a"), "theirs");
        Directory.Delete(Path.Join(world.RootPath, "lib"), true);
        File.CreateSymbolicLink(Path.Join(world.RootPath, "lib"), elsewhere);

        var report = Repair(world);

        Assert.Contains(report.Findings, f => f is { Path: "lib", Kind: VerificationKind.WrongKind });
        Assert.False(report.IsClean);
        Assert.Equal("theirs", File.ReadAllText(Path.Join(elsewhere, "a")));
    }

    [Fact]
    public void A_damaged_package_record_is_found()
    {
        using var world = new World();
        var foo = world.Save("foo", "1", ("a", "a"));
        world.Install(foo);
        File.WriteAllText(Path.Join(world.StorePath, "packages", foo.Hash.ToString(), "meta.far"), "rubbish");

        var report = Verification.Verify(world.Root, world.Store, new VerificationOptions());

        Assert.Equal(VerificationKind.DamagedPackage, Assert.Single(report.Findings).Kind);
    }

    static VerificationReport Repair(World world, Func<MerkleRoot, Stream?>? replacement = null)
    {
        using var writer = RootWriter.Open(world.Root, world.Store, world.Writer);
        return Verification.Repair(writer, new VerificationOptions { OpenReplacement = replacement });
    }
}

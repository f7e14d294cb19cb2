using System.Text;
using Pm.Blobs;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Versions;
using Xunit;

namespace Pm.Packages.Tests.Locks;

public sealed class LockfileTests
{
    static readonly MerkleRoot Hash = MerkleRoot.Of("x"u8);

    static LockedPackage Package(string id, string tree = "", PackageSource? source = null, params string[] needs) => new()
    {
        Id = PackageId.Parse(id),
        Tree = tree,
        Source = source ?? new RemoteSource("main"),
        Needs = [.. needs.Select(Need)],
    };

    static LockedNeed Need(string text) => text.Split(' ', 2) is [var name, var versions]
        ? new LockedNeed(PackageName.Parse(name.TrimStart('!')), VersionRequirement.Parse(versions), name.StartsWith('!'))
        : new LockedNeed(PackageName.Parse(text.TrimStart('!')), VersionRequirement.Any, text.StartsWith('!'));

    static Lockfile Read(string text) => Lockfile.Parse(Encoding.UTF8.GetBytes(text), "pm.lock");

    [Fact]
    public void What_is_written_is_read_again()
    {
        var file = new Lockfile(
            [new LockedRemote("main", "https://example.org/p", new string('a', 64)), new LockedRemote("plain", "../r", null)],
            [
                Package("b@1.0.0", needs: ["a ^1", "!c >=1, <2"]) with { Hash = Hash, Size = 12, Signer = new string('A', 40) },
                Package("a@1.2.0-rc.1", source: new GitSource("https://example.org/a.git", GitReferenceKind.Branch, "main", "sub/a")) with
                {
                    Commit = new string('1', 40), SourceTree = new string('2', 40), Equivalents = [PackageVersion.Parse("1.2.0")],
                },
                Package("c@1.0.0", "b", new ArchiveSource("https://example.org/c.tar.gz", new string('b', 64))) with { SourceTree = "tree1:00" },
                Package("d@1.0.0", ".", new PathSource("../d")),
                Package("e@1.0.0", "", new GitSource("https://example.org/e.git", GitReferenceKind.Name, "v1", null)),
                Package("f@1.0.0", "", new GitSource("https://example.org/f.git", GitReferenceKind.Default, "", "x")),
                Package("g@1.0.0", "b › c", new GitSource("https://example.org/g.git", GitReferenceKind.Tag, "v1", null)),
            ]);

        var again = Lockfile.Parse(file.ToBytes(), "pm.lock");

        Assert.Equal(file.Remotes, again.Remotes);
        Assert.Equal(file.Packages.Select(Text), again.Packages.Select(Text));
        Assert.Equal(file.ToBytes(), again.ToBytes());
    }

    static string Text(LockedPackage p) =>
        $"{p.Tree}|{p.Id}|{p.Source}|{p.Hash}|{p.Size}|{p.Signer}|{p.Commit}|{p.SourceTree}|{string.Join(';', p.Needs.Select(n => $"{n}{n.IsPrivate}"))}|{string.Join(';', p.Equivalents)}";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_order_in_which_packages_are_found_does_not_show(int seed)
    {
        LockedPackage[] packages = [Package("a@1"), Package("b@2", "x"), Package("c@3", "x"), Package("b@4"), Package("a@5", ".")];
        var shuffled = packages.ToArray();
        new Random(seed).Shuffle(shuffled);

        Assert.Equal(new Lockfile([], packages).ToBytes(), new Lockfile([], shuffled).ToBytes());
    }

    [Fact]
    public void A_changed_package_changes_its_own_lines_alone()
    {
        var before = Encoding.UTF8.GetString(new Lockfile([], [Package("a@1.0.0"), Package("b@1.0.0", needs: ["a ^1"]), Package("c@1.0.0")]).ToBytes()).Split('\n');
        var after = Encoding.UTF8.GetString(new Lockfile([], [Package("a@1.0.0"), Package("b@1.1.0", needs: ["a ^1"]), Package("c@1.0.0")]).ToBytes()).Split('\n');

        Assert.Equal(before.Length, after.Length);
        Assert.Single(before.Zip(after), lines => lines.First != lines.Second);
    }

    [Theory]
    [InlineData("", "`format` is missing")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"", "a patch says where")]
    [InlineData("format = 1\n[[package]]\nname = \"A b\"\nversion = \"1\"\nremote = \"m\"", "A b")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nremote = \"m\"\nhash = \"12\"", "64 hexadecimal digits")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nremote = \"m\"\nsigner = \"--x\"", "40 hexadecimal digits")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\ngit = \"https://example.org/a\"\ncommit = \"--upload-pack=x\"", "40 or 64 hexadecimal digits")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\ngit = \"ext::sh -c x\"", "is no URL")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\ngit = \"https://example.org/a\"\npath = \"../x\"", "../x")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nremote = \"m\"\nsize = -1", "number of bytes")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nremote = \"m\"\nneeds = [\"a b c !\"]", "is no package with a requirement")]
    [InlineData("format = 1\n[[package]]\nname = \"a\"\nversion = \"1\"\nremote = \"m\"\n[[package]]\nname = \"a\"\nversion = \"2\"\nremote = \"m\"", "there twice")]
    public void What_does_not_hold_together_is_refused_with_its_place(string text, string words)
    {
        var failure = Assert.Throws<PackageFormatException>(() => Read(text));

        Assert.Equal("PM2112", failure.Code);
        Assert.Contains(words, failure.Message, StringComparison.Ordinal);
        Assert.StartsWith("pm.lock:", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_newer_format_is_said_to_be_one()
    {
        Assert.Equal("PM2113", Assert.Throws<PackageFormatException>(() => Read("format = 2")).Code);
    }

    static IReadOnlyList<string> Check(Lockfile file, params (string Tree, string Need, PackageSource Source)[] wishes) =>
        LockCheck.Differences(file, [.. wishes.Select(w => new LockedWish(w.Tree, Need(w.Need), w.Source))], _ => null);

    static readonly RemoteSource Any = new(null);

    [Fact]
    public void What_fits_has_no_differences()
    {
        var file = new Lockfile([], [Package("a@1.2.0", needs: ["b ^1", "!c ^2"]), Package("b@1.9.0"), Package("c@2.0.0", "a", null, "d"), Package("d@1.0.0", "a"), Package("d@3.0.0", ".")]);

        Assert.Empty(Check(file, ("", "a ^1", Any), (".", "d >=3", Any)));
    }

    [Theory]
    [InlineData("x", "the project needs x, which is not locked")]
    [InlineData("a ^2", "the project needs a ^2, locked is a@1.2.0")]
    public void What_is_wanted_and_not_locked_is_told(string need, string difference)
    {
        var file = new Lockfile([], [Package("a@1.2.0")]);

        Assert.Contains(difference, Check(file, ("", "a", Any), ("", need, Any)));
    }

    [Fact]
    public void What_nobody_needs_any_more_is_told()
    {
        var file = new Lockfile([], [Package("a@1.0.0", needs: ["b"]), Package("b@1.0.0"), Package("c@1.0.0", "a")]);

        Assert.Equal(["c@1.0.0 for a is locked, and nothing needs it"], Check(file, ("", "a", Any)));
    }

    [Fact]
    public void Another_source_is_told()
    {
        var file = new Lockfile([], [Package("a@1.0.0")]);

        Assert.Equal(["a is to come from remote other, locked is remote main"], Check(file, ("", "a", new RemoteSource("other"))));
        Assert.Equal(["a is to come from ../a, locked is remote main"], Check(file, ("", "a", new PathSource("../a"))));
        Assert.Empty(Check(file, ("", "a", new RemoteSource("main"))));
        Assert.Single(LockCheck.Differences(file, [new LockedWish("", Need("a"), Any)], _ => new PathSource("./patched")));
    }

    [Fact]
    public void A_ring_that_is_only_installed_is_gone_through_once()
    {
        var file = new Lockfile([], [Package("a@1.0.0", needs: ["b"]), Package("b@1.0.0", needs: ["a"])]);

        Assert.Empty(Check(file, ("", "a", Any)));
    }
}

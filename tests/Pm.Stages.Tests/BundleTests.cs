using Pm.Packages;
using Pm.Packages.Tar;
using Pm.Repositories.Tests;
using Pm.Stages.Bundles;
using Pm.Stages.Changes;
using Pm.Stages.Fetching;
using Pm.Storage;
using Pm.Trust;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Stages.Tests;

/// <summary>What comes out of a bundle is what its publishers signed, or nothing.</summary>
public sealed class BundleTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();
    readonly SamplePackage _asked = new("foo@1.0", "one", "deps: [bar]\n");
    readonly SamplePackage _needed = new("bar@2.0", "two");

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void It_says_what_was_asked_for_and_what_that_needs()
    {
        var bundle = Bundle.Read(Write(Bytes()), "b");

        Assert.Equal("foo@1.0", Assert.Single(bundle.Asked).Id.ToString());
        Assert.Equal("bar@2.0", Assert.Single(bundle.Needed).Id.ToString());
        Assert.Equal(["bar"], bundle.Asked[0].Dependencies.Select(d => d.Name.Text));
    }

    [Fact]
    public async Task Its_packages_come_into_the_store_whole()
    {
        var taken = await TakeAsync(Bytes());

        Assert.Equal([_asked.Package.Hash, _needed.Package.Hash], taken.Select(t => t.Package.Hash));
        Assert.All(taken, t => Assert.Equal(SamplePackage.Signer, t.Signer));
    }

    [Fact]
    public async Task Altered_anywhere_it_gives_the_same_or_nothing()
    {
        var honest = Bytes();
        var random = new Random(1);
        var refused = 0;
        for (var at = 0; at < honest.Length; at += 41)
        {
            var altered = honest.ToArray();
            altered[at] ^= (byte)(1 << random.Next(8));
            try
            {
                var taken = await TakeAsync(altered);
                Assert.All(taken, t => Assert.Contains(t.Package.Hash, new[] { _asked.Package.Hash, _needed.Package.Hash }));
                Assert.Contains(taken, t => t.Package.Hash == _asked.Package.Hash || t.Package.Hash == _needed.Package.Hash);
            }
            catch (Exception e) when (e is PackageFormatException or TrustException or Codecs.CodecException)
            {
                refused++;
            }
        }

        Assert.True(refused > honest.Length / 41 / 3, $"{refused}");
    }

    [Fact]
    public void Cut_off_anywhere_it_is_refused()
    {
        var honest = Bytes();
        for (var length = 0; length < honest.Length - 1024; length += 211)
        {
            var path = Write(honest[..length]);
            Assert.Throws<PackageFormatException>(() => Bundle.Read(path, "b"));
        }
    }

    [Theory]
    [InlineData("foo-1.0.pkg")]
    [InlineData("asked/sub/foo-1.0.pkg")]
    [InlineData("asked/foo-1.0.txt")]
    [InlineData("needed/foo-1.0.pkg")]
    public void Anything_else_is_no_bundle(string name) =>
        Assert.Equal("PM2320", Assert.Throws<PackageFormatException>(() => Bundle.Read(Write(Tar((name, _asked.ToPkg()))), "b")).Code);

    [Fact]
    public void A_link_in_it_is_refused()
    {
        using var target = new MemoryStream();
        var tar = new TarWriter(target);
        tar.WriteSymlink("asked/foo-1.0.pkg", "/etc/passwd");
        tar.Finish();

        Assert.Equal("PM2320", Assert.Throws<PackageFormatException>(() => Bundle.Read(Write(target.ToArray()), "b")).Code);
    }

    byte[] Bytes() => Tar(("asked/foo-1.0.pkg", _asked.ToPkg()), ("needed/bar-2.0.pkg", _needed.ToPkg()));

    static byte[] Tar(params (string Name, byte[] Content)[] members)
    {
        using var target = new MemoryStream();
        var tar = new TarWriter(target);
        foreach (var (name, content) in members)
        {
            tar.WriteFile(name, PackageEntry.FileMode, content);
        }

        tar.Finish();
        return target.ToArray();
    }

    string Write(byte[] bytes)
    {
        var path = _directory[$"{Guid.NewGuid():N}.bundle"];
        File.WriteAllBytes(path, bytes);
        return path;
    }

    async Task<IReadOnlyList<IncomingPackage>> TakeAsync(byte[] bytes)
    {
        var bundle = Bundle.Read(Write(bytes), "b");
        using var store = Store.OpenOrCreate(_directory[$"store-{Guid.NewGuid():N}"]);
        var gate = new SignatureGate(files => files is null
            ? new SignerDecision.Refused("PM3001", "not signed", null)
            : SamplePackage.Judge(files.Manifest, files.Signature));
        var intake = new PackageIntake(store, gate, StageObserver.None) { ScratchDirectory = _directory["scratch"] };
        return await intake.TakeAsync([.. bundle.All.Select(f => new WantedPackage.OfFile(f))], TestContext.Current.CancellationToken);
    }
}

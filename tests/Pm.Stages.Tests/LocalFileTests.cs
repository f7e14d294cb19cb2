using Pm.Remotes;
using Pm.Repositories.Tests;
using Pm.Stages.Changes;
using Pm.Stages.Fetching;
using Pm.Storage;
using Xunit;

namespace Pm.Stages.Tests;

/// <summary>Who may write a file on this machine cannot have another package installed than the one that was looked at.</summary>
public sealed class LocalFileTests : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("other@1.0", "", "PM7501 f: it was foo@1.0 when it was looked at, now it is other@1.0")]
    [InlineData("foo@1.1", "", "PM7501 f: it was foo@1.0 when it was looked at, now it is foo@1.1")]
    [InlineData("foo@1.0", "deps: [evil]\n", "PM7501 f: it was foo@1.0 when it was looked at, now it is foo@1.0, which needs evil")]
    public async Task A_file_that_another_was_put_in_place_of_is_refused(string id, string yaml, string expected)
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_directory.Path);
        var file = LocalFile.Read(path, "f");
        File.WriteAllBytes(path, new SamplePackage(id, "two", yaml).ToPkg());

        var refused = await Assert.ThrowsAsync<StageException>(() => TakeAsync(file));

        Assert.Equal(expected, $"{refused.Code} {refused.Message}");
    }

    [Fact]
    public async Task What_a_digest_was_held_against_is_what_is_read()
    {
        var sample = new SamplePackage("foo@1.0", "one");
        var path = sample.Save(_directory.Path);
        var url = PackageUrl.Parse($"file://{path}#sha256={Codecs.Sha256Digest.Of(sample.ToPkg())}");
        using var copy = await DownloadedFile.CopyAsync(path, url, _directory.Path, TestContext.Current.CancellationToken);
        File.WriteAllBytes(path, new SamplePackage("foo@1.0", "two").ToPkg());

        var taken = await TakeAsync(LocalFile.Read(copy.Path, "f"));

        Assert.Equal(sample.Package.Hash, taken.Package.Hash);
    }

    [Fact]
    public async Task Another_digest_is_refused()
    {
        var path = new SamplePackage("foo@1.0", "one").Save(_directory.Path);
        var url = PackageUrl.Parse($"file://{path}#sha256={new string('0', 64)}");

        var refused = await Assert.ThrowsAsync<RemoteException>(
            () => DownloadedFile.CopyAsync(path, url, _directory.Path, TestContext.Current.CancellationToken));

        Assert.Equal("PM6006", refused.Code);
    }

    async Task<IncomingPackage> TakeAsync(LocalFile file)
    {
        using var store = Store.OpenOrCreate(_directory[$"store-{Guid.NewGuid():N}"]);
        var gate = new SignatureGate(files => SamplePackage.Judge(files!.Manifest, files.Signature));
        var intake = new PackageIntake(store, gate, StageObserver.None) { ScratchDirectory = _directory["scratch"] };
        return (await intake.TakeAsync([new WantedPackage.OfFile(file)], TestContext.Current.CancellationToken))[0];
    }
}

using Pm.Linux;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>A change is signed where it lies, and a person takes his time between reading and signing.</summary>
public sealed class ChangeFileTests : IDisposable
{
    readonly RepositoryFixture _fixture = new();
    readonly SecretKey _ann = SecretKey.Create();
    readonly SecretKey _bob = SecretKey.Create();
    readonly string _pending;

    public ChangeFileTests()
    {
        _pending = Path.Join(_fixture.Path, "pending.json");
        Change("root");
    }

    public void Dispose() => _fixture.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_another_signed_meanwhile_stays(bool isInRepository)
    {
        var file = isInRepository ? _pending : Copy();
        var ann = Read(file).Sign(_ann);
        ChangeFile.AddSignatures(file, file, Read(file).Sign(_bob), _fixture.Access);

        var written = ChangeFile.AddSignatures(file, file, ann, _fixture.Access);

        Assert.Equal(written.ToBytes(), File.ReadAllBytes(file));
        Assert.Superset(new HashSet<string> { _ann.Public.Id, _bob.Public.Id }, Read(file).Root!.KeyIds.ToHashSet());
        Assert.False(ann.IsComplete);
        Assert.True(written.IsComplete);
    }

    [Fact]
    public void What_was_published_or_given_up_meanwhile_does_not_come_back()
    {
        var signed = Read(_pending).Sign(_ann);
        _fixture.Repository.DropPending(_fixture.Access);

        Assert.Equal("PM5015", Refused(_pending, signed));
        Assert.False(File.Exists(_pending));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_change_that_took_its_place_is_not_written_over(bool isInRepository)
    {
        var file = isInRepository ? _pending : Copy();
        var signed = Read(file).Sign(_ann);
        _fixture.Repository.DropPending(_fixture.Access);
        Change("targets");
        if (!isInRepository)
        {
            Copy();
        }

        var other = File.ReadAllBytes(file);

        Assert.Equal("PM5015", Refused(file, signed));
        Assert.Equal(other, File.ReadAllBytes(file));
    }

    /// <summary>Else what a writer publishes or drops between the second look and the writing would come back.</summary>
    [Fact]
    public void In_a_repository_it_waits_for_who_changes_it_and_elsewhere_for_nobody()
    {
        var copy = Copy();
        var before = File.ReadAllBytes(_pending);
        var signed = Read(_pending).Sign(_ann);
        using (FileLock.Exclusive(Path.Join(_fixture.Path, "staged/lock"), "other", TimeSpan.Zero, _fixture.Clock, cancellation: TestContext.Current.CancellationToken))
        {
            Assert.Throws<LockBusyException>(() => ChangeFile.AddSignatures(_pending, "x", signed, _fixture.Access));
            Assert.Equal(before, File.ReadAllBytes(_pending));
            ChangeFile.AddSignatures(copy, "x", signed, _fixture.Access);
        }

        ChangeFile.AddSignatures(_pending, "x", signed, _fixture.Access);

        Assert.Equal(File.ReadAllBytes(copy), File.ReadAllBytes(_pending));
    }

    string Refused(string file, RepositoryChange signed) =>
        Assert.Throws<RepositoryException>(() => ChangeFile.AddSignatures(file, file, signed, _fixture.Access)).Code;

    /// <summary>Beside the repository, under the name that it has there.</summary>
    string Copy()
    {
        var copy = Path.Join(_fixture.Outside, "pending.json");
        File.Copy(_pending, copy, overwrite: true);
        return copy;
    }

    static RepositoryChange Read(string file) => ChangeFile.Read(file, file)!;

    /// <summary>Ann and Bob get a say in a role, and all three must sign for it.</summary>
    void Change(string role) => Assert.False(_fixture.Repository.ChangeKeys(
        new KeyChange { Added = [(role, new RoleKey(_ann.Public, null)), (role, new RoleKey(_bob.Public, null))], Thresholds = [(role, 3)] },
        isDryRun: false,
        _fixture.Access).IsTaken);
}

using Pm.Linux;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;
using Xunit;

namespace Pm.Repositories.Tests;

/// <summary>A repository, and three keepers of its root.</summary>
public abstract class KeeperTests : IDisposable
{
    private protected RepositoryFixture Fixture { get; private set; } = new();

    private protected string PendingFile => Path.Join(Fixture.Path, "pending.json");

    private protected SecretKey Ann { get; } = SecretKey.Create();

    private protected SecretKey Bob { get; } = SecretKey.Create();

    private protected SecretKey Eve { get; } = SecretKey.Create();

    public void Dispose()
    {
        Fixture.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The packages lie in bins from the first on.</summary>
    private protected void WithBins()
    {
        Fixture.Dispose();
        Fixture = new RepositoryFixture(binsAbove: 0);
        Fixture.Publish(new SamplePackage("foo@1.0", "one"));
        Assert.NotNull(State().Bins);
    }

    /// <summary>Ann, Bob and Eve have the root, and the key that was here is gone.</summary>
    private protected void HandOver()
    {
        var here = State().Root.Roles["root"].KeyIds[0];
        Assert.True(Change(ThreeOfWhomTwo(), Ann).IsTaken);
        Assert.True(Change(new KeyChange { Removed = [("root", here)] }, Ann, Bob).IsTaken);
        Assert.False(File.Exists(Path.Join(Fixture.Path, "keys/root.json")));
    }

    private protected KeyChange ThreeOfWhomTwo() => new()
    {
        Added = [("root", Public(Ann)), ("root", Public(Bob)), ("root", Public(Eve))],
        Thresholds = [("root", 2)],
    };

    private protected static RoleKey Public(SecretKey key) => new(key.Public, null);

    private protected ChangeOutcome Change(KeyChange change, params SecretKey[] brought) =>
        Fixture.Repository.ChangeKeys(change, isDryRun: false, Fixture.Access with { Keys = brought });

    private protected ChangeOutcome Take(params SecretKey[] signers) => DirectoryRepository.TakeSignatures(
        Fixture.Path, Signed(File.ReadAllBytes(PendingFile), signers), isDryRun: false, Fixture.Access);

    private protected static RepositoryChange Signed(byte[] file, params SecretKey[] signers) =>
        signers.Aggregate(RepositoryChange.Parse(file, "copy"), (change, key) => change.Sign(key));

    /// <summary>Keepers sign the file where it lies, and nobody gives it to the repository.</summary>
    private protected RepositoryChange SignInPlace(params SecretKey[] signers)
    {
        var change = Signed(File.ReadAllBytes(PendingFile), signers);
        File.WriteAllBytes(PendingFile, change.ToBytes());
        return change;
    }

    /// <summary>As a writer that was killed there leaves it.</summary>
    private protected void PublishRootAlone(RepositoryChange change) =>
        File.WriteAllBytes(Path.Join(Fixture.Served, $"{change.NextRoot.Version}.root.json"), change.Root!.ToBytes());

    private protected string KeyFileOf(string role) => Path.Join(Fixture.Path, $"keys/{role}.json");

    private protected static IEnumerable<string> Faults(IEnumerable<string> findings) => findings.Where(finding => !finding.StartsWith("Unused", StringComparison.Ordinal));

    private protected SecretKey[] KeysOf(string role) => [.. KeyFile.Parse(File.ReadAllBytes(Path.Join(Fixture.Path, $"keys/{role}.json")), role)];

    private protected RepositoryState State() => RepositoryState.Load(DirectoryHandle.Open(Fixture.Served));
}

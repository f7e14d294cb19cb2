using Pm.Packages.Manifests;
using Pm.Repositories.Tests;
using Pm.Stages.Sources;

namespace Pm.Stages.Tests.Sources;

/// <summary>A cache of a test, and a place for repositories.</summary>
sealed class SourceWorld : IDisposable
{
    readonly TemporaryDirectory _directory = new();

    public SourceOptions Options { get; set; }

    public List<string> Notes { get; } = [];

    public SourceWorld() => Options = new SourceOptions
    {
        Environment = new Dictionary<string, string> { ["PATH"] = "/usr/local/bin:/usr/bin:/bin", ["HOME"] = _directory.Path },
        Note = note =>
        {
            lock (Notes)
            {
                Notes.Add(note);
            }
        },
    };

    public string Cache => _directory["cache"];

    public string this[string name] => _directory[name];

    public static CancellationToken Cancellation => Xunit.TestContext.Current.CancellationToken;

    public Task<CheckedOutSource> CheckOutAsync(PackageSource source, LockedSource? locked = null, bool isOffline = false) =>
        new SourceCache(Cache, Options with { IsOffline = isOffline }).CheckOutAsync(source, _directory.Path, locked, Cancellation);

    /// <summary>What goes wrong.</summary>
    public async Task<StageException> FaultAsync(PackageSource source, LockedSource? locked = null, bool isOffline = false) =>
        await Xunit.Assert.ThrowsAsync<StageException>(() => CheckOutAsync(source, locked, isOffline));

    public GitRepository Repository(string name = "repository", string format = "sha1") => new(_directory[name], format);

    public void Dispose() => _directory.Dispose();
}

using System.Collections.Concurrent;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Remotes.Tests;
using Pm.Repositories;
using Pm.Repositories.Tests;
using Pm.Stages.Changes;
using Pm.Stages.Fetching;
using Pm.Storage;
using Pm.Trust.OpenPgp;
using Xunit;

namespace Pm.Stages.Tests.Fetching;

/// <summary>A repository, a weak line to it, and a machine with a store; every run is a process of its own.</summary>
sealed class FetchWorld : IDisposable
{
    public static readonly DateTimeOffset Now = new(2026, 5, 1, 12, 0, 0, TimeSpan.Zero);

    readonly TemporaryDirectory _directory;
    readonly PulledRepository _pulled;

    FetchWorld(TemporaryDirectory directory, PulledRepository pulled)
    {
        _directory = directory;
        _pulled = pulled;
        Fetcher = new WeakFetcher(directory["repo/repository"]);
    }

    public WeakFetcher Fetcher { get; private set; }

    public string StorePath => _directory["store"];

    public string PartialPath => _directory["partial"];

    public string Served => _directory["repo/repository"];

    public PartialFiles Partials => new(PartialPath);

    /// <summary>Requests under way at once.</summary>
    public int Jobs { get; set; } = 4;

    public bool IsOffline { get; set; }

    public bool HasRelative { get; set; } = true;

    /// <summary>As if nothing of the remote were signed but the packages.</summary>
    public bool IsPlain { get; set; }

    /// <summary>What was said to a person.</summary>
    public ConcurrentQueue<string> Notes { get; } = [];

    /// <summary>Bytes of content that were new and that were there, of the last run.</summary>
    public (long Copied, long Shared) Traffic { get; private set; }

    public static async Task<FetchWorld> MakeAsync(params SamplePackage[] packages)
    {
        var directory = new TemporaryDirectory();
        var access = new RepositoryAccess("test", new FixedClock(Now));
        var repository = DirectoryRepository.Init(directory["repo"], new RoleLifetimes(), access);
        repository.Publish(
            [.. packages.Select(p => p.Save(directory.Path))], new PublishOptions { Judge = SamplePackage.Judge }, access);
        using var fetcher = FileFetcher.Open(RemoteUrl.Parse(directory["repo"], "/"));
        using var client = new RepositoryClient("testing", fetcher, directory["tuf"]);
        client.Trust(await client.FindRootAsync(repository.Fingerprint, CancellationToken.None));
        var kept = new KeptIndex();
        await kept.PullAsync(client, Now, CancellationToken.None);
        return new FetchWorld(directory, new PulledRepository(kept.Index!, directory["tuf"]));
    }

    public void UseLine(WeakFetcher fetcher) => Fetcher = fetcher;

    public PublishedTarget Target(string id) => _pulled.Find(PackageId.Parse(id))!.Target;

    /// <summary>Takes packages in as a new process would.</summary>
    public Task<IReadOnlyList<IncomingPackage>> TakeAsync(params string[] ids) =>
        TakeUntilAsync(ids, TestContext.Current.CancellationToken);

    /// <summary>As one that a person may stop.</summary>
    public Task<IReadOnlyList<IncomingPackage>> TakeUntilAsync(string[] ids, CancellationToken cancellation) =>
        TakeAsIfAsync(ids, target => target, cancellation);

    /// <summary>As if the index said something else.</summary>
    public Task<IReadOnlyList<IncomingPackage>> TakeAsIfAsync(string id, Func<PublishedTarget, PublishedTarget> said) =>
        TakeAsIfAsync([id], said, TestContext.Current.CancellationToken);

    async Task<IReadOnlyList<IncomingPackage>> TakeAsIfAsync(
        string[] ids, Func<PublishedTarget, PublishedTarget> said, CancellationToken cancellation)
    {
        using var store = Store.OpenOrCreate(StorePath);
        using var client = new RepositoryClient("testing", Fetcher, _directory["tuf"]) { Partials = Partials };
        var intake = new PackageIntake(store, Gate(), new StageObserver { Note = Notes.Enqueue })
        {
            ScratchDirectory = _directory["scratch"],
            Jobs = Jobs,
            IsOffline = IsOffline,
        };
        var taken = await intake.TakeAsync(
            [.. ids.Select(id => _pulled.Find(PackageId.Parse(id))!).Select(p => new WantedPackage.OfRemote(
                client, _pulled, Shown(p) with { Target = said(Shown(p).Target) }) { HasRelative = HasRelative })],
            cancellation);
        store.Sync();
        Traffic = intake.Traffic;
        return taken;
    }

    PublishedPackage Shown(PublishedPackage package) => IsPlain
        ? new PublishedPackage(new PublishedTarget(package.Target.Package with { Hash = null, Signer = null }), null)
        : package;

    /// <summary>That the store has all of a package, byte for byte, and nothing that is not what it is called.</summary>
    public void AssertHas(SamplePackage expected)
    {
        using var store = Store.Open(StorePath);
        var package = store.Require(expected.Package.Hash);
        Assert.Equal(expected.Package.MetaFar.ToArray(), package.MetaFar.ToArray());
        Assert.NotNull(store.FindSignature(package.Hash));
        foreach (var entry in package.Entries.Where(e => e.Kind is EntryKind.File))
        {
            Assert.True(store.Has(entry.Root, entry.IsExecutable), $"{entry.Path} is missing");
            Assert.Equal(expected.Blobs[entry.Root].ToArray(), File.ReadAllBytes(store.BlobPath(new BlobName(entry.Root, entry.IsExecutable))));
        }
    }

    /// <summary>That every file under a blob's name is that blob, and nothing else lies there.</summary>
    public void AssertStoreIsWhole()
    {
        var blobs = Path.Join(StorePath, "blobs");
        foreach (var file in Directory.Exists(blobs) ? Directory.GetFiles(blobs, "*", SearchOption.AllDirectories) : [])
        {
            Assert.Equal(Path.GetFileNameWithoutExtension(file), Blobs.MerkleRoot.Of(File.ReadAllBytes(file)).ToString());
        }

        var pending = Path.Join(StorePath, "pending");
        Assert.Empty(Directory.Exists(pending) ? Directory.GetFileSystemEntries(pending) : []);
    }

    public string[] PartialNames() => Directory.Exists(PartialPath) ? [.. Directory.GetFiles(PartialPath).Select(f => Path.GetFileName(f))] : [];

    public void Dispose() => _directory.Dispose();

    static SignatureGate Gate() => new(files => files is null
        ? new SignerDecision.Refused("PM3001", "not signed", null)
        : SamplePackage.Judge(files.Manifest, files.Signature));
}

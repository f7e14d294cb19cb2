using Pm.Packages;
using Pm.Remotes;
using Pm.Stages.Fetching;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>
/// Brings packages into a store, all that a change needs together: from files and remotes, signature first, content checked as it
/// streams, the same content once.
/// </summary>
/// <param name="store">Where they go; the caller holds a share of its lock. Null, or dry: nothing is kept.</param>
/// <param name="gate">Who may sign.</param>
/// <param name="observer">Told what is fetched.</param>
public sealed class PackageIntake(Store? store, SignatureGate gate, StageObserver observer)
{
    /// <summary>A package of so many bytes, or of so many files that are missing, has blobs in most directories of the store.</summary>
    const int LargeSize = 1 << 20;

    const int ManyBlobs = 64;

    readonly DrySink _dry = new(store);
    readonly long _writtenBefore = store?.WrittenBytes ?? 0;
    readonly long _foundBefore = store?.FoundBytes ?? 0;
    (long Copied, long Shared) _planned;

    /// <summary>Looks at packages without keeping anything.</summary>
    public bool IsDry { get; init; }

    /// <summary>Asks no remote on the network.</summary>
    public bool IsOffline { get; init; }

    /// <summary>Where a <c>.pkg</c> that is fetched whole lies meanwhile, without a name; made when it is needed.</summary>
    public required string ScratchDirectory { get; init; }

    /// <summary>Requests that are under way at once.</summary>
    public int Jobs { get; init; } = 8;

    /// <summary>Bytes of content that were new to the store, and that it had already, so far.</summary>
    public (long Copied, long Shared) Traffic => IsDry
        ? (_dry.CopiedBytes + _planned.Copied, _dry.SharedBytes + _planned.Shared)
        : (store!.WrittenBytes - _writtenBefore, store.FoundBytes - _foundBefore + _planned.Shared);

    IBlobSink Sink => IsDry ? _dry : store!;

    /// <summary>Takes packages in.</summary>
    /// <returns>In the same order.</returns>
    /// <exception cref="PackageFormatException">Damaged, altered, or no package.</exception>
    /// <exception cref="RemoteException">Not readable, or not what the remote's metadata promises.</exception>
    /// <exception cref="Blobs.BlobMismatchException">A blob is not what was signed.</exception>
    /// <exception cref="Trust.TrustException">The gate refused one.</exception>
    /// <exception cref="StageException">
    /// PM7504: one is not on this machine, and no remote may be asked. PM7501: one is not what was asked for.
    /// </exception>
    public async Task<IReadOnlyList<IncomingPackage>> TakeAsync(IReadOnlyList<WantedPackage> wanted, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        var plans = await PlanAsync([.. wanted.OfType<WantedPackage.OfRemote>()], cancellation);
        var taken = new Dictionary<WantedPackage, IncomingPackage>(ReferenceEqualityComparer.Instance);
        foreach (var file in wanted.OfType<WantedPackage.OfFile>())
        {
            cancellation.ThrowIfCancellationRequested();
            taken.Add(file, TakeFile(file.File));
        }

        foreach (var (plan, package) in await FetchAsync(plans, cancellation))
        {
            taken.Add(plan.Wanted, package);
        }

        if (!IsDry)
        {
            RemoveParts(plans);
        }

        return [.. wanted.Select(w => taken[w])];
    }

    IncomingPackage TakeFile(LocalFile file)
    {
        observer.Working?.Invoke(file.Name);
        var pkg = file.Open();
        ExpectMany(pkg.Length >= LargeSize);
        var (package, signature, signer) = new FileIntake(gate).Read(pkg, file, Sink);
        PackageRules.RequireSame(file, package);
        Save(package, signature);
        return new IncomingPackage(package, signer);
    }

    async Task<PackagePlan[]> PlanAsync(WantedPackage.OfRemote[] wanted, CancellationToken cancellation)
    {
        var planner = new FetchPlanner(store, gate, IsOffline, IsDry);
        var plans = new PackagePlan?[wanted.Length];
        await Parallel.ForEachAsync(Enumerable.Range(0, wanted.Length), Options(cancellation), async (i, token) =>
        {
            observer.Working?.Invoke(wanted[i].Id.ToString());
            plans[i] = await planner.PlanAsync(wanted[i], token);
        });
        var absent = wanted.Where((_, i) => plans[i] is null).Select(w => w.Id.ToString()).Order(StringComparer.Ordinal).ToList();
        return absent.Count == 0 ? [.. plans.OfType<PackagePlan>()] : throw new StageException(
            "PM7504", $"not on this machine, and --offline was given: {string.Join(", ", absent)}", $"pm fetch {string.Join(' ', absent)}");
    }

    async Task<IEnumerable<(PackagePlan Plan, IncomingPackage Package)>> FetchAsync(PackagePlan[] plans, CancellationToken cancellation)
    {
        Count([.. plans.OfType<PackagePlan.ByBlobs>()]);
        ExpectMany(plans.Any(p => p is PackagePlan.ByBlobs { Missing.Length: >= ManyBlobs } or PackagePlan.Whole { TransferSize: >= LargeSize }));
        var whole = new WholeFetcher(gate, new FileIntake(gate), ScratchDirectory, observer);
        using var round = new FetchRound(store, whole, observer) { Options = Options(cancellation), IsDry = IsDry, Sink = Sink, Save = Save };
        var packages = await round.RunAsync(plans);
        return plans.Zip(packages);
    }

    void ExpectMany(bool isLarge)
    {
        if (isLarge && !IsDry)
        {
            store!.ExpectMany();
        }
    }

    /// <summary>What several packages need is new once.</summary>
    void Count(PackagePlan.ByBlobs[] plans)
    {
        var fresh = ByteTotal.Of(plans.SelectMany(p => p.Missing).DistinctBy(b => b.Name), b => b.Wanted.Size ?? 0);
        var all = ByteTotal.Of(plans, p => p.Wanted.Published.Target.Package.SizeInBytes ?? 0);
        _planned = (_planned.Copied + fresh, _planned.Shared + Math.Max(0, all - fresh));
    }

    /// <summary>What broke off and then came in another form: blobs that are here now, the files of packages that are.</summary>
    void RemoveParts(PackagePlan[] plans)
    {
        var files = plans.Select(p => $"{p.Wanted.Published.Target.PkgDigest}.pkg").ToHashSet(StringComparer.Ordinal);
        foreach (var client in plans.Select(p => p.Wanted.Client).Distinct())
        {
            client.Partials?.Remove(part => files.Contains(part.Name)
                || (Blobs.MerkleRoot.TryParse(Path.GetFileNameWithoutExtension(part.Name), null, out var root) && store!.Has(root)));
        }
    }

    ParallelOptions Options(CancellationToken cancellation) => new() { MaxDegreeOfParallelism = Jobs, CancellationToken = cancellation };

    void Save(Package package, SignatureFiles? signature)
    {
        if (!IsDry)
        {
            store!.Save(package, signature);
        }
    }
}

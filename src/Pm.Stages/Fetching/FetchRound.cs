using Pm.Packages;
using Pm.Remotes;
using Pm.Stages.Changes;
using Pm.Storage;

namespace Pm.Stages.Fetching;

/// <summary>
/// Carries plans out: everything that is missing of all packages, each content once, several requests under way at once. What is
/// whole when it ends early stays in the store, so that the next time goes on from there.
/// </summary>
sealed class FetchRound(Store? store, WholeFetcher whole, StageObserver observer) : IDisposable
{
    /// <summary>Expanding is work for processors, of which there are fewer than requests.</summary>
    readonly SemaphoreSlim _expanding = new(Math.Max(1, Environment.ProcessorCount));

    public required ParallelOptions Options { get; init; }

    public required bool IsDry { get; init; }

    /// <summary>Where the content of whole packages goes.</summary>
    public required IBlobSink Sink { get; init; }

    /// <summary>Keeps a package whose content is kept.</summary>
    public required Action<Package, SignatureFiles?> Save { get; init; }

    /// <returns>In the order of the plans.</returns>
    public async Task<IncomingPackage[]> RunAsync(PackagePlan[] plans)
    {
        var packages = new IncomingPackage[plans.Length];
        var work = new List<(long Size, Func<CancellationToken, Task> Do)>();
        for (var i = 0; i < plans.Length; i++)
        {
            var at = i;
            switch (plans[i])
            {
                case PackagePlan.Whole plan:
                    work.Add((plan.TransferSize, async token => packages[at] = await TakeAsync(plan, token)));
                    break;
                case PackagePlan.ByBlobs plan:
                    packages[i] = new IncomingPackage(plan.Package, plan.Signer);
                    break;
            }
        }

        work.AddRange(BlobWork(plans));
        observer.Expecting?.Invoke(ByteTotal.Of(work, w => w.Size));
        await DoAsync(work);
        foreach (var plan in plans.OfType<PackagePlan.ByBlobs>())
        {
            Save(plan.Package, plan.Signature);
        }

        return packages;
    }

    public void Dispose() => _expanding.Dispose();

    /// <summary>The long ones first, so that none of them is alone at the end.</summary>
    async Task DoAsync(List<(long Size, Func<CancellationToken, Task> Do)> work)
    {
        try
        {
            await Parallel.ForEachAsync(work.OrderByDescending(w => w.Size), Options, async (item, token) => await item.Do(token));
        }
        catch when (!IsDry)
        {
            store!.Sync();
            throw;
        }
    }

    IEnumerable<(long Size, Func<CancellationToken, Task> Do)> BlobWork(PackagePlan[] plans)
    {
        if (IsDry)
        {
            return [];
        }

        var fetcher = new BlobFetcher(store!, observer);
        return plans.OfType<PackagePlan.ByBlobs>()
            .SelectMany(plan => plan.Missing.Select(blob => (plan.Wanted.Client, Blob: blob)))
            .GroupBy(item => item.Blob.Name.Root)
            .Select(group => (group.First().Blob.Wanted.TransferSize ?? 0, Do(fetcher, [.. group.DistinctBy(item => item.Blob.Name)])));
    }

    /// <summary>A content is fetched once; under its other mode it is copied.</summary>
    static Func<CancellationToken, Task> Do(BlobFetcher fetcher, (RepositoryClient Client, MissingBlob Blob)[] modes) => async token =>
    {
        foreach (var (client, blob) in modes)
        {
            await fetcher.FetchAsync(client, blob, token);
        }
    };

    async Task<IncomingPackage> TakeAsync(PackagePlan.Whole plan, CancellationToken cancellation)
    {
        await _expanding.WaitAsync(cancellation);
        try
        {
            observer.Working?.Invoke(plan.Wanted.Id.ToString());
            return await Task.Run(() => whole.Take(plan.Wanted, Sink, Save, cancellation), cancellation);
        }
        finally
        {
            observer.Finished?.Invoke(plan.Wanted.Id.ToString());
            _expanding.Release();
        }
    }
}

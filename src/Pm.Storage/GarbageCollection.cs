using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Linux;
using Pm.Storage.Collecting;
using Pm.Storage.Switching;

namespace Pm.Storage;

/// <summary>
/// Removes what no kept generation of any registered root needs. Whatever is not understood stays: a root that cannot be
/// read keeps all it was known to need, and a needed package that cannot be read stops the collection.
/// </summary>
public static class GarbageCollection
{
    /// <summary>Works out what would go; touches nothing, takes no lock.</summary>
    /// <exception cref="StoreException">PM4040: a needed package cannot be read.</exception>
    public static CollectionPlan Plan(Store store, KeepRules rules) => new Collector(store, rules).Plan();

    /// <summary>Why a package, or a blob, is kept; empty: nothing needs it.</summary>
    public static ImmutableArray<string> Why(Store store, MerkleRoot hash, KeepRules rules) =>
        new Collector(store, rules).Why(hash);

    /// <summary>
    /// Collects, alone with the store. Stopped at any instant, what stays is whole: generations go before the packages they
    /// name, and packages before their blobs, each durably.
    /// </summary>
    /// <param name="report">Told what is being removed, for progress.</param>
    /// <param name="note">Told what somebody should know of: what was kept though its generation goes, and where.</param>
    /// <exception cref="LockBusyException">Somebody uses the store and did not end in time.</exception>
    /// <exception cref="StoreException">PM4040: a needed package cannot be read.</exception>
    public static CollectionPlan Run(
        Store store, KeepRules rules, WriterOptions options, Action<string>? report = null,
        Action<string>? note = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(store);
        FinishDetached(store, options, note, cancellation);
        using var alone = store.LockAlone(options, cancellation);
        PendingSession.ClearDead(store);
        TemporaryFiles.Clear(store.Top, Store.RootsDirectory);
        using var held = new HeldRoots(store, options.Holder);
        var plan = new Collector(store, rules, held).Plan();
        new Sweep(store, report, note, cancellation).Run(plan);
        return plan;
    }

    /// <summary>
    /// Roots from which everything went keep the old tree until somebody has looked for what is not pm's in it. A root that is
    /// busy or somebody else's keeps it on.
    /// </summary>
    static void FinishDetached(Store store, WriterOptions options, Action<string>? note, CancellationToken cancellation)
    {
        foreach (var registered in new StoreRoots(store).All())
        {
            try
            {
                using var root = Root.TryOpen(registered.Path);
                if (root is { IsDetached: true } && root.Settings.StorePath == store.Path)
                {
                    using var writer = RootWriter.Open(root, store, options with { LockTimeout = TimeSpan.Zero }, cancellation);
                    if (writer.Recovered is { } recovered)
                    {
                        note?.Invoke($"{root.Path}: {recovered}");
                    }
                }
            }
            catch (Exception e) when (e is SystemCallException or StoreException or LockBusyException)
            {
                // The survey says what stays, and why.
            }
        }
    }
}

using System.Collections.Immutable;
using Pm.Packages;
using Pm.Storage.Planning;

namespace Pm.Storage;

/// <summary>
/// Works out what a change would do: reads the root, the store and the disk and touches nothing, so a dry run is this and
/// no more. Conflicts are part of the answer, all of them, each with both names.
/// </summary>
public static class Planner
{
    /// <summary>Plans the way to exactly these packages.</summary>
    /// <param name="root">Its current generation is the start.</param>
    /// <param name="store">Must hold every package; blobs may still be missing.</param>
    /// <param name="target">All packages of the new generation, at most one of a name.</param>
    /// <param name="known">Packages the caller has read already; saves reading them again.</param>
    /// <exception cref="StoreException">PM4004: a package is not in the store.</exception>
    public static ChangePlan Plan(
        Root root, Store store, IReadOnlyCollection<InstalledPackage> target, IEnumerable<Package>? known = null) =>
        Plan(root, store, target, restoredFrom: null, known);

    /// <summary>Plans the way back to an earlier generation. It becomes a new generation that equals it.</summary>
    /// <exception cref="StoreException">PM4008: there is no such generation; PM4004: a package of it is gone.</exception>
    public static ChangePlan PlanRollback(Root root, Store store, int number)
    {
        ArgumentNullException.ThrowIfNull(root);
        return Plan(root, store, root.Require(number).Packages, number, known: null);
    }

    static ChangePlan Plan(
        Root root, Store store, IReadOnlyCollection<InstalledPackage> target, int? restoredFrom, IEnumerable<Package>? known)
    {
        ArgumentNullException.ThrowIfNull(root);
        var sorted = target.OrderBy(p => p.Id.Name).ToImmutableArray();
        RequireDistinctNames(sorted);
        var shelf = new PackageShelf(store);
        foreach (var package in known ?? [])
        {
            shelf.Add(package);
        }
        var from = root.Current;
        var plan = new ChangePlan
        {
            From = from,
            Number = NextNumber(root),
            Target = sorted,
            RestoredFrom = restoredFrom,
            Packages = Compare(from?.Packages ?? [], sorted),
            FoundDirectories = from?.FoundDirectories ?? [],
            Shelf = shelf,
        };
        var needsTree = root.Kind is RootKind.Application && !plan.IsEmpty;
        return plan.Packages.Any(p => p.ChangesFiles) || needsTree ? PlanPaths(root, store, plan) : plan;
    }

    static ChangePlan PlanPaths(Root root, Store store, ChangePlan plan)
    {
        if (root.Kind is RootKind.Application)
        {
            return ApplicationPlanner.Plan(root, store, plan);
        }
        using var disk = new DiskView(root.Top, store);
        var old = plan.Shelf.TreeOf(plan.From?.Packages ?? []);
        var draft = new PrefixPlanner(old, plan.Shelf.TreeOf(plan.Target), disk, plan.FoundDirectories).Plan();
        return new ChangePlan
        {
            From = plan.From,
            Number = plan.Number,
            Target = plan.Target,
            RestoredFrom = plan.RestoredFrom,
            Packages = plan.Packages,
            Shelf = plan.Shelf,
            Conflicts = [.. draft.Conflicts.Distinct()],
            Configuration = [.. draft.Configuration],
            Saved = [.. draft.Saved],
            FoundDirectories = [.. draft.Found],
            Operations = draft.Operations(),
        };
    }

    /// <summary>One more than any that ever was and is kept; the current one is always kept.</summary>
    static int NextNumber(Root root) => Math.Max(root.GenerationNumbers().LastOrDefault(), root.CurrentNumber()) + 1;

    static ImmutableArray<PackageChange> Compare(
        ImmutableArray<InstalledPackage> old, ImmutableArray<InstalledPackage> target)
    {
        var byName = old.ToDictionary(p => p.Id.Name);
        var changes = ImmutableArray.CreateBuilder<PackageChange>();
        foreach (var package in target)
        {
            if (!byName.Remove(package.Id.Name, out var before) || before != package)
            {
                changes.Add(new PackageChange(before, package));
            }
        }
        changes.AddRange(byName.Values.Select(p => new PackageChange(p, null)));
        changes.Sort((a, b) => a.Name.CompareTo(b.Name));
        return changes.ToImmutable();
    }

    static void RequireDistinctNames(ImmutableArray<InstalledPackage> sorted)
    {
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i].Id.Name == sorted[i - 1].Id.Name)
            {
                throw new ArgumentException($"two versions of {sorted[i].Id.Name}", nameof(sorted));
            }
        }
    }
}

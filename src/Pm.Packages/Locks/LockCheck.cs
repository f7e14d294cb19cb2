using Pm.Packages.Manifests;

namespace Pm.Packages.Locks;

/// <summary>Whether a lockfile still is an answer to what is needed. Nothing is looked up for it: neither remotes nor sources.</summary>
public static class LockCheck
{
    /// <summary>Each thing that differs, in a line; none: the lockfile stands.</summary>
    /// <param name="file">The lockfile.</param>
    /// <param name="wishes">All that the project needs by itself.</param>
    /// <param name="sourceOf">Where a package is to come from whoever needs it, because the project says so (<c>[patch]</c>); null: it does not.</param>
    public static IReadOnlyList<string> Differences(
        Lockfile file, IReadOnlyCollection<LockedWish> wishes, Func<PackageName, PackageSource?> sourceOf)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(wishes);
        ArgumentNullException.ThrowIfNull(sourceOf);
        var differences = new List<string>();
        var reached = new HashSet<LockedPackage>(ReferenceEqualityComparer.Instance);
        var open = new Stack<LockedPackage>();
        // Readers and resolvers make the same need of many packages one object: what holds of it once in a tree holds again.
        var met = new HashSet<LockedNeed>(ReferenceEqualityComparer.Instance);
        var treeOfMet = "";
        foreach (var wish in wishes)
        {
            Follow(wish.Tree, wish.Need, null, wish.Source);
        }

        while (open.TryPop(out var package))
        {
            foreach (var need in package.Needs)
            {
                Follow(package.TreeOf(need), need, package, null);
            }
        }

        differences.AddRange(file.Packages.Where(p => !reached.Contains(p)).Select(p => $"{p.Id}{In(p.Tree)} is locked, and nothing needs it"));
        return differences;

        void Follow(string tree, LockedNeed need, LockedPackage? who, PackageSource? wanted)
        {
            if (tree != treeOfMet)
            {
                met.Clear();
                treeOfMet = tree;
            }

            if (wanted is null && met.Contains(need))
            {
                return;
            }

            var before = differences.Count;
            if (file.Find(tree, need.Name) is not { } locked)
            {
                differences.Add($"{Name(who)} needs {need}{In(tree)}, which is not locked");
                return;
            }

            var source = sourceOf(need.Name) ?? wanted;
            if (!locked.Equivalents.Prepend(locked.Id.Version).Any(version => need.Versions.Exact is { } exact ? exact == version : need.Versions.Contains(version)))
            {
                differences.Add($"{Name(who)} needs {need}, locked is {locked.Id}{In(tree)}");
            }
            else if (source is not null && !Fits(source, locked.Source))
            {
                differences.Add($"{need.Name} is to come from {SourceKeys.Describe(source)}, locked is {SourceKeys.Describe(locked.Source)}");
            }

            if (wanted is null && differences.Count == before)
            {
                met.Add(need);
            }

            if (reached.Add(locked))
            {
                open.Push(locked);
            }
        }
    }

    static string Name(LockedPackage? who) => who is null ? "the project" : who.Id.ToString();

    static bool Fits(PackageSource wanted, PackageSource locked) => wanted == locked
        || (wanted is RemoteSource { Remote: null } && locked is RemoteSource) || (wanted is LinkSource link && link.IsPinnedBy(locked));

    static string In(string tree) => tree.Length == 0 ? "" : tree == Lockfile.OwnTree ? " for itself" : $" for {tree}";
}

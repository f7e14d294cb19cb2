using Pm.Packages.Locks;
using Pm.Packages.Manifests;

namespace Pm.Stages.Projects;

/// <summary>In which order the packages of a lockfile can be built: what one needs comes before it.</summary>
public static class BuildOrder
{
    /// <summary>All packages, dependencies first.</summary>
    /// <exception cref="StageException">PM7227: one that is built needs itself.</exception>
    public static IReadOnlyList<LockedPackage> Of(Lockfile file)
    {
        ArgumentNullException.ThrowIfNull(file);
        var order = new List<LockedPackage>();
        var done = new HashSet<LockedPackage>(ReferenceEqualityComparer.Instance);
        foreach (var first in file.Packages)
        {
            Visit(file, first, done, order);
        }

        return order;
    }

    /// <summary>These, and everything that they need, sorted.</summary>
    public static IReadOnlyList<LockedPackage> Below(Lockfile file, IEnumerable<LockedPackage> packages)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(packages);
        var reached = new HashSet<LockedPackage>(ReferenceEqualityComparer.Instance);
        var open = new Stack<LockedPackage>(packages);
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                foreach (var needed in Needed(file, next))
                {
                    open.Push(needed);
                }
            }
        }

        return [.. reached.OrderBy(p => p.Tree, StringComparer.Ordinal).ThenBy(p => p.Id.Name)];
    }

    static IEnumerable<LockedPackage> Needed(Lockfile file, LockedPackage package) =>
        package.Needs.Select(n => file.Find(package.TreeOf(n), n.Name)).OfType<LockedPackage>();

    /// <summary>Depth first, by hand: a chain of packages may be longer than the stack is deep.</summary>
    static void Visit(Lockfile file, LockedPackage first, HashSet<LockedPackage> done, List<LockedPackage> order)
    {
        var path = new List<(LockedPackage Package, IEnumerator<LockedPackage> Needs)>();
        Enter(first);
        while (path.Count > 0)
        {
            var (package, needs) = path[^1];
            if (!needs.MoveNext())
            {
                needs.Dispose();
                path.RemoveAt(path.Count - 1);
                done.Add(package);
                order.Add(package);
                continue;
            }

            Enter(needs.Current);
        }

        void Enter(LockedPackage package)
        {
            if (done.Contains(package))
            {
                return;
            }

            var at = path.FindIndex(p => ReferenceEquals(p.Package, package));
            if (at < 0)
            {
                path.Add((package, Needed(file, package).GetEnumerator()));
                return;
            }

            // Packages that are only installed may need each other; what is built comes after all that it needs.
            if (path.Skip(at).Any(p => p.Package.Source is not RemoteSource))
            {
                var ring = string.Join(" → ", path.Skip(at).Select(p => p.Package.Id.Name).Append(package.Id.Name));
                throw new StageException("PM7227", $"packages that are built need each other in a ring: {ring}", "take one of these dependencies away");
            }
        }
    }
}

using Pm.Packages.Locks;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>Who needs whom in a lockfile, both ways.</summary>
sealed class LockGraph
{
    /// <summary>Deeper branches are cut off: no screen is as wide.</summary>
    public const int DeepestShown = 200;

    readonly Dictionary<LockedPackage, List<Node>> _above = new(ReferenceEqualityComparer.Instance);
    readonly Lockfile _file;

    public LockGraph(Project project, Lockfile file)
    {
        _file = file;
        var top = new List<Node>();
        foreach (var wish in project.Wishes([]))
        {
            if (file.Find(wish.Tree, wish.Need.Name) is { } package)
            {
                top.Add(new Node(package, wish.Need, wish.Tree.Length > 0));
                Note(package, new Node(null, wish.Need, wish.Tree.Length > 0));
            }
        }

        foreach (var package in file.Packages)
        {
            foreach (var below in Below(new Node(package, null, false)))
            {
                Note(below.Package!, new Node(package, below.Need, below.IsPrivate));
            }
        }

        Top = [.. top.OrderBy(n => n.IsPrivate).ThenBy(n => n.Package!.Id.Name)];
    }

    /// <summary>A package on one side of a need; null: the project.</summary>
    public sealed record Node(LockedPackage? Package, LockedNeed? Need, bool IsPrivate);

    /// <summary>What the project itself needs.</summary>
    public IReadOnlyList<Node> Top { get; }

    public IReadOnlyList<Node> Below(Node node) => [.. node.Package!.Needs
        .Select(n => new Node(_file.Find(node.Package.TreeOf(n), n.Name), n, n.IsPrivate))
        .Where(n => n.Package is not null)];

    public IReadOnlyList<Node> Above(LockedPackage package) => _above.GetValueOrDefault(package) ?? [];

    void Note(LockedPackage package, Node above)
    {
        if (!_above.TryGetValue(package, out var list))
        {
            _above.Add(package, list = []);
        }

        list.Add(above);
    }
}

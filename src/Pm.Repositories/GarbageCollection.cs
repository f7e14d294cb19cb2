using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Pm.Linux;

namespace Pm.Repositories;

/// <summary>
/// Removes what the present state does not name, in the places that are pm's alone; anything else that lies in the
/// directory stays and is named by verify. It runs after the new state is durable, so a crash leaves files too many.
/// </summary>
static partial class GarbageCollection
{
    public static CollectedGarbage Run(RepositoryWriter writer, RepositoryState state, bool isDryRun)
    {
        var referenced = ReferencedFiles.Of(writer.Served, state);
        var files = ServedFiles.Of(writer.Served).ToList();
        var unused = files.Where(file => file.Kind == FileKind.Regular && IsOwn(file.Path) && !referenced.Contains(file.Path))
            .Select(file => file.Path)
            .ToImmutableArray();
        var size = SizeOf(writer.Served, unused);
        if (!isDryRun)
        {
            Remove(writer.Served, unused);
        }

        return new CollectedGarbage(unused, size);
    }

    /// <summary>A blob, a target, a signature, a <c>.pkg</c>, a superseded version of metadata.</summary>
    public static bool IsOwn(string path) => OwnPath().IsMatch(path);

    static void Remove(DirectoryHandle served, ImmutableArray<string> paths)
    {
        foreach (var group in paths.GroupBy(path => RepositoryLayout.Split(path).Directory))
        {
            using var directory = group.Key.Length == 0 ? null : served.OpenBeneath(group.Key);
            foreach (var path in group)
            {
                (directory ?? served).Unlink(RepositoryLayout.Split(path).Name);
            }

            (directory ?? served).Sync();
        }

        foreach (var parent in paths.Select(path => RepositoryLayout.Split(path).Directory).Where(IsPackageDirectory).Distinct())
        {
            RemoveIfEmpty(served, parent);
        }

        foreach (var outer in paths.Select(path => RepositoryLayout.Split(path).Directory).Where(IsPackageDirectory)
            .Select(directory => RepositoryLayout.Split(directory).Directory).Distinct())
        {
            using var directory = served.OpenBeneath(outer);
            directory.Sync();
        }
    }

    /// <summary>targets/NAME and signatures/HASH come and go with their packages.</summary>
    static bool IsPackageDirectory(string path) => path.Contains('/', StringComparison.Ordinal);

    static void RemoveIfEmpty(DirectoryHandle served, string path)
    {
        var (outer, name) = RepositoryLayout.Split(path);
        using var parent = served.OpenBeneath(outer);
        using (var directory = parent.OpenBeneath(name))
        {
            if (directory.Entries().Any())
            {
                return;
            }
        }

        parent.RemoveDirectory(name);
    }

    /// <summary>An inode counts once, and only when all its names go.</summary>
    static long SizeOf(DirectoryHandle served, ImmutableArray<string> paths) => paths
        .Select(path =>
        {
            var (parent, name) = RepositoryLayout.Split(path);
            using var directory = parent.Length == 0 ? null : served.OpenBeneath(parent);
            return (directory ?? served).Status(name)!.Value;
        })
        .GroupBy(status => status.Inode)
        .Where(names => names.Count() >= names.First().Links)
        .Sum(names => names.First().Size);

    [GeneratedRegex(@"^(blobs/[0-9a-f]{64}(\.zst)?|targets/[^/]+/[0-9a-f]{64,128}\.[^/]+|signatures/[0-9a-f]{64}/manifest\.sha256(\.asc)?"
        + @"|publishers/[0-9A-F]{40}\.asc|[^/]+\.pkg|[0-9]+\.(targets|snapshot|bin-[0-9a-f]+)\.json(\.zst)?|\.pm-tmp-[^/]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex OwnPath();
}

using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>Finds the repositories that a server is to serve.</summary>
static class RepositoryPlaces
{
    const int MaximumDepth = 16;
    const int MaximumDirectories = 100_000;

    /// <summary>Namespace → directory (the one with <c>repository/</c> in it).</summary>
    /// <param name="arguments">
    /// Absolute <c>DIR</c>: the repository itself, or everything below it, each under its relative path; or <c>NAMESPACE=DIR</c>.
    /// </param>
    /// <param name="warn">Is told what is passed over.</param>
    /// <exception cref="RepositoryException">PM5201: none; PM5202: a namespace that cannot be, or two repositories with one.</exception>
    public static SortedDictionary<string, string> Find(IEnumerable<string> arguments, Action<string> warn)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var argument in arguments)
        {
            var before = found.Count;
            var (prefix, path) = Split(argument);
            var seen = 0;
            Walk(path, prefix, 0, ref seen, (name, directory) => Add(found, name, directory), warn);
            if (found.Count == before)
            {
                throw new RepositoryException("PM5201", $"{path}: there is no repository in it or below it", $"pm repo init {path}");
            }
        }

        CheckApart(found);
        return found;
    }

    /// <summary>As it stands on the command line: is it <c>NAMESPACE=DIR</c>?</summary>
    public static (string Namespace, string Directory) Split(string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 && !argument.StartsWith('/') && Namespace.Fault(argument[..equals]) is null
            ? (argument[..equals], argument[(equals + 1)..])
            : ("", argument);
    }

    static void Walk(string path, string name, int depth, ref int seen, Action<string, string> add, Action<string> warn)
    {
        if (++seen > MaximumDirectories)
        {
            throw new RepositoryException("PM5201", $"{path}: more than {MaximumDirectories} directories to look into", "name the repositories: NAMESPACE=DIR");
        }

        using var directory = DirectoryHandle.Open(path);
        if (IsRepository(directory))
        {
            add(name, path);
            return;
        }

        foreach (var entry in directory.Entries().Where(e => e.Kind is FileKind.Directory && depth < MaximumDepth).OrderBy(e => e.Name, StringComparer.Ordinal))
        {
            var below = name.Length == 0 ? entry.Name : $"{name}/{entry.Name}";
            if (Namespace.Fault(below) is null)
            {
                Walk(System.IO.Path.Join(path, entry.Name), below, depth + 1, ref seen, add, warn);
            }
            else if (IsRepositoryAt(directory, entry.Name))
            {
                warn($"{path}/{entry.Name}: not served: {Namespace.Fault(below)}");
            }
        }
    }

    static bool IsRepositoryAt(DirectoryHandle parent, string name)
    {
        using var directory = parent.TryOpenBeneath(name);
        return directory is not null && IsRepository(directory);
    }

    static bool IsRepository(DirectoryHandle directory)
    {
        if (directory.Status(RepositoryLayout.Served) is not { IsDirectory: true })
        {
            return false;
        }

        using var served = directory.OpenBeneath(RepositoryLayout.Served);
        return served.Status(RepositoryLayout.Metadata("timestamp")) is { IsRegular: true };
    }

    static void Add(SortedDictionary<string, string> found, string name, string path)
    {
        if (!found.TryAdd(name, path))
        {
            throw new RepositoryException("PM5202",
                name.Length == 0
                    ? $"{found[name]} and {path}: both are repositories, and neither has a namespace"
                    : $"{found[name]} and {path}: both would have the namespace `{name}`",
                "name them: NAMESPACE=DIR");
        }
    }

    /// <summary>None lies within another's URLs, so that a path means one thing.</summary>
    static void CheckApart(SortedDictionary<string, string> found)
    {
        foreach (var name in found.Keys)
        {
            for (var slash = name.Length; slash >= 0; slash = slash == 0 ? -1 : name.LastIndexOf('/', slash - 1) is var at and >= 0 ? at : 0)
            {
                var outer = name[..slash];
                if (outer.Length < name.Length && found.TryGetValue(outer, out var path))
                {
                    throw new RepositoryException("PM5202",
                        $"{found[name]}: its namespace `{name}` would lie within that of {path}, {(outer.Length == 0 ? "which has none" : $"`{outer}`")}",
                        "name them: NAMESPACE=DIR");
                }
            }
        }
    }
}

using System.Collections.Immutable;

namespace Pm.Repositories.Serving;

/// <summary>The repositories of a server by their namespaces; replaced as a whole when the server reloads.</summary>
public sealed class RepositorySet
{
    IReadOnlyList<string> _arguments;
    readonly Action<string> _warn;
    readonly TimeProvider _time;
    volatile Snapshot _now;

    RepositorySet(IReadOnlyList<string> arguments, Action<string> warn, TimeProvider time)
    {
        _time = time;
        _arguments = arguments;
        _warn = warn;
        _now = Snapshot.Empty;
    }

    /// <summary>Of all of them together.</summary>
    public OpenFileLimit OpenFiles { get; } = new();

    /// <summary>In the order of their namespaces.</summary>
    public ImmutableArray<ServedRepository> All => _now.All;

    /// <summary>Opens them.</summary>
    /// <param name="arguments">As <c>pmd</c> takes them, with absolute directories.</param>
    /// <param name="warn">Is told what is passed over.</param>
    /// <param name="time">The clock; null: the machine's.</param>
    /// <exception cref="RepositoryException">PM5201, PM5202, PM5203: there is none, two have one namespace, a private key would be served.</exception>
    /// <exception cref="Pm.Linux.SystemCallException">A directory cannot be read.</exception>
    public static RepositorySet Open(IReadOnlyList<string> arguments, Action<string> warn, TimeProvider? time = null)
    {
        var set = new RepositorySet(arguments, warn, time ?? TimeProvider.System);
        set.Reload();
        return set;
    }

    /// <summary>A directory as it stands on a command line: <c>DIR</c> (then the namespace is "") or <c>NAMESPACE=DIR</c>.</summary>
    public static (string Namespace, string Directory) Split(string argument)
    {
        ArgumentNullException.ThrowIfNull(argument);
        return RepositoryPlaces.Split(argument);
    }

    /// <summary>Looks again which there are. Where that fails, those of before stay.</summary>
    /// <exception cref="RepositoryException">As <see cref="Open"/>.</exception>
    public void Reload() => Reload(_arguments);

    /// <summary>Looks in other places from now on. Where that fails, those of before stay.</summary>
    /// <param name="arguments">As <see cref="Open"/> takes them.</param>
    /// <exception cref="RepositoryException">As <see cref="Open"/>.</exception>
    public void Reload(IReadOnlyList<string> arguments)
    {
        var before = _now;
        var all = ImmutableArray.CreateBuilder<ServedRepository>();
        foreach (var (name, path) in RepositoryPlaces.Find(arguments, _warn))
        {
            var fresh = new ServedRepository(name, path, _time, OpenFiles);
            all.Add(before.Find(name) is { } known && known.Path == path ? known : fresh);
        }

        _now = new Snapshot(all.ToImmutable());
        _arguments = arguments;
        foreach (var repository in _now.All)
        {
            _ = repository.Refresh();
        }
    }

    /// <summary>The repository that a path of a URL lies in, or null.</summary>
    /// <param name="path">Decoded, without its first slash.</param>
    /// <param name="rest">What is left of it below the repository's base; "" at the base itself.</param>
    public ServedRepository? Resolve(ReadOnlySpan<char> path, out ReadOnlySpan<char> rest)
    {
        var now = _now;
        if (now.Only is { } only)
        {
            rest = path;
            return only;
        }

        // No namespace is longer: who sends a thousand parts costs no more than who sends one.
        for (int end = 0, parts = 0; end < path.Length && end <= Namespace.MaximumLength && parts < Namespace.MaximumParts; end++, parts++)
        {
            var slash = path[end..].IndexOf('/');
            end = slash < 0 ? path.Length : end + slash;
            if (now.Find(path[..end]) is { } found)
            {
                rest = end == path.Length ? [] : path[(end + 1)..];
                return found;
            }
        }

        rest = default;
        return null;
    }

    /// <summary>The repository of that namespace, or null.</summary>
    public ServedRepository? Find(string name) => _now.Find(name);

    sealed class Snapshot
    {
        readonly Dictionary<string, ServedRepository> _byName;
        readonly Dictionary<string, ServedRepository>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

        public Snapshot(ImmutableArray<ServedRepository> all)
        {
            All = all;
            _byName = all.ToDictionary(repository => repository.Namespace, StringComparer.Ordinal);
            _bySpan = _byName.GetAlternateLookup<ReadOnlySpan<char>>();
            Only = all is [{ Namespace: "" } one] ? one : null;
        }

        public static Snapshot Empty { get; } = new([]);

        public ImmutableArray<ServedRepository> All { get; }

        /// <summary>The one without a namespace.</summary>
        public ServedRepository? Only { get; }

        public ServedRepository? Find(ReadOnlySpan<char> name) => _bySpan.TryGetValue(name, out var found) ? found : null;
    }
}

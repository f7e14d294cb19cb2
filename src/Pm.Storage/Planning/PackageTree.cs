using Pm.Packages;

namespace Pm.Storage.Planning;

/// <summary>The union of the trees of some packages: what a root holds, and where two of them want the same path.</summary>
sealed class PackageTree
{
    readonly Dictionary<string, TreeEntry> _files;
    readonly Dictionary<string, TreeDirectory> _directories = new(StringComparer.Ordinal);
    readonly Dictionary<string, TreeDirectory>.AlternateLookup<ReadOnlySpan<char>> _lookup;
    readonly Dictionary<string, TreeEntry>.AlternateLookup<ReadOnlySpan<char>> _fileLookup;
    readonly List<TreeDirectory> _order = [];
    readonly IReadOnlyList<Package> _packages;
    readonly List<Conflict> _conflicts = [];
    TreeDirectory _last;

    public PackageTree(IReadOnlyList<Package> packages)
    {
        _packages = packages;
        _files = new(packages.Sum(p => p.Entries.Count), StringComparer.Ordinal);
        _fileLookup = _files.GetAlternateLookup<ReadOnlySpan<char>>();
        _lookup = _directories.GetAlternateLookup<ReadOnlySpan<char>>();
        _last = new TreeDirectory { Path = "", Package = -1 };
        _directories.Add("", _last);
        for (var i = 0; i < packages.Count; i++)
        {
            Add(packages[i], i);
        }
    }

    /// <summary>Files and symbolic links by path.</summary>
    public IReadOnlyDictionary<string, TreeEntry> Files => _files;

    /// <summary>The file or link at a path; null when no package has one there.</summary>
    public TreeEntry? File(ReadOnlySpan<char> path) => _fileLookup.TryGetValue(path, out var file) ? file : null;

    /// <summary>Directories by path, without the root itself.</summary>
    public TreeDirectory? Directory(string path) => path.Length == 0 ? null : _directories.GetValueOrDefault(path);

    /// <summary>All directories, a parent before what is in it; without the root itself.</summary>
    public IReadOnlyList<TreeDirectory> Directories => _order;

    /// <summary>The files at the top of the root.</summary>
    public TreeDirectory Top => _directories[""];

    public IReadOnlyList<Conflict> Conflicts => _conflicts;

    public string NameOf(int package) => _packages[package].Id.ToString();

    void Add(Package package, int index)
    {
        foreach (var entry in package.Entries)
        {
            if (IsReserved(entry.Path))
            {
                _conflicts.Add(new Conflict(entry.Path, ConflictKind.Reserved, NameOf(index), null, "the path is pm's own"));
            }
            else if (entry.Kind is EntryKind.Directory)
            {
                AddDirectory(entry, index);
            }
            else
            {
                AddFile(TreeEntry.Of(entry, package.IsConfiguration(entry.Path), index));
            }
        }
    }

    void AddDirectory(PackageEntry entry, int package)
    {
        if (Need(entry.Path, package) is not { } directory)
        {
            return;
        }
        if (directory.StatedBy >= 0 && !directory.IsStatedAs(entry))
        {
            Conflict(entry.Path, package, directory.StatedBy,
                $"directory of mode {Octal(entry.Mode)}, but of mode {Octal(directory.Mode)} in {NameOf(directory.StatedBy)}");
        }
        else
        {
            directory.State(entry, package);
        }
    }

    void AddFile(TreeEntry entry)
    {
        var slash = entry.Path.LastIndexOf('/');
        if (Need(entry.Path.AsSpan(0, Math.Max(slash, 0)), entry.Package) is not { } directory)
        {
            return;
        }
        if (_directories.TryGetValue(entry.Path, out var sameName))
        {
            Conflict(entry.Path, entry.Package, sameName.Package, $"a file, but a directory in {NameOf(sameName.Package)}");
        }
        else if (_files.TryAdd(entry.Path, entry))
        {
            directory.Files.Add(entry);
        }
        else if (_files[entry.Path] is var other && !other.IsSameAs(entry))
        {
            Conflict(entry.Path, entry.Package, other.Package,
                $"also in {NameOf(other.Package)}, with {Difference(entry, other)}");
        }
    }

    /// <summary>The directory, made with its parents when it is new; null when a file stands in the way.</summary>
    TreeDirectory? Need(ReadOnlySpan<char> path, int package)
    {
        // Entries come sorted, so the parent of one is mostly the parent of the next.
        if (path.SequenceEqual(_last.Path) || (_lookup.TryGetValue(path, out var found) && (_last = found) is not null))
        {
            return _last;
        }
        var slash = path.LastIndexOf('/');
        if (Need(path[..Math.Max(slash, 0)], package) is null)
        {
            return null;
        }
        var text = path.ToString();
        if (_files.TryGetValue(text, out var file))
        {
            Conflict(text, package, file.Package, $"a directory, but a file in {NameOf(file.Package)}");
            return null;
        }
        _last = new TreeDirectory { Path = text, Package = package };
        _directories.Add(text, _last);
        _order.Add(_last);
        return _last;
    }

    void Conflict(string path, int package, int other, string reason) =>
        _conflicts.Add(new Conflict(path, ConflictKind.TwoPackages, NameOf(package), NameOf(other), reason));

    static bool IsReserved(string path) =>
        IsAtOrBelow(path, Root.StateDirectory) || IsAtOrBelow(path, Root.CacheDirectory)
        || TemporaryName.IsOne(path.AsSpan(path.LastIndexOf('/') + 1));

    static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal)
        && (path.Length == directory.Length || path[directory.Length] == '/');

    static string Difference(TreeEntry entry, TreeEntry other) =>
        entry.IsLink != other.IsLink ? "another kind"
        : entry.Root != other.Root ? (entry.IsLink ? $"the target {other.Target} instead of {entry.Target}" : "other content")
        : entry.Mode != other.Mode ? $"mode {Octal(other.Mode)} instead of {Octal(entry.Mode)}"
        : "another owner";

    static string Octal(int mode) => Convert.ToString(mode, 8).PadLeft(4, '0');
}

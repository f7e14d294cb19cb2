using System.Globalization;
using System.Text;
using Pm.Blobs;
using Pm.Linux;
using Pm.Packages;

namespace Pm.Stages.Sources;

/// <summary>What lies in a directory, and one hash over all of it: kinds, executable bits, links and contents. Source: docs/formats/sources.md.</summary>
sealed class SourceTree
{
    const string Prefix = "tree1:";
    const int MaximumDepth = 1024;
    const int OwnerMayExecute = 0b001_000_000;

    readonly List<(byte[] Path, string Kind, string Root)> _entries = [];
    readonly List<KeyValuePair<string, string>> _links = [];
    readonly string _directory;
    readonly int _limit;
    readonly CancellationToken _cancellation;

    SourceTree(string directory, int limit, CancellationToken cancellation) =>
        (_directory, _limit, _cancellation) = (directory, limit, cancellation);

    /// <summary>Names the content: two directories have the same exactly when they hold the same.</summary>
    public string Identity { get; private set; } = "";

    /// <summary>Directories with nothing in them, which version control does not keep.</summary>
    public IEnumerable<string> EmptyDirectories
    {
        get
        {
            var holders = _entries.Select(e => PathText.Decode(e.Path)).Select(Path.GetDirectoryName).ToHashSet();
            return _entries.Where(e => e.Kind == "d").Select(e => PathText.Decode(e.Path)).Where(path => !holders.Contains(path));
        }
    }

    /// <summary>Reads all of a directory but what version control and pm keep in it.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="limit">The most entries.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <param name="empty">Directories that belong to it, and may be missing because they are empty.</param>
    /// <exception cref="StageException">PM7210: too much, or neither file, link nor directory.</exception>
    public static SourceTree Read(string directory, int limit, CancellationToken cancellation, IReadOnlyCollection<string>? empty = null)
    {
        var tree = new SourceTree(directory, limit, cancellation);
        using (var top = DirectoryHandle.Open(directory))
        {
            tree.Walk(top, "", 0);
        }

        tree.AddMissing(empty ?? []);

        tree.Identity = tree.Hash();
        return tree;
    }

    /// <summary>A symbolic link that leads out of the directory; null: none does.</summary>
    public string? LinkOutside()
    {
        var resolution = new LinkResolution(_links);
        return _links.Where(l => resolution.LeadsOutside(l.Key, l.Value)).Select(l => l.Key).FirstOrDefault();
    }

    void Walk(DirectoryHandle folder, string path, int depth)
    {
        if (depth > MaximumDepth)
        {
            throw TooMuch(path, "directories above one another", MaximumDepth);
        }

        foreach (var entry in folder.Entries())
        {
            if (entry.Name is not (".git" or ".pm"))
            {
                _cancellation.ThrowIfCancellationRequested();
                Add(folder, entry, path.Length == 0 ? entry.Name : $"{path}/{entry.Name}", depth);
            }
        }
    }

    void Add(DirectoryHandle folder, DirectoryEntry entry, string path, int depth)
    {
        if (_entries.Count == _limit)
        {
            throw TooMuch(path, "files and directories", _limit);
        }

        switch (entry.Kind)
        {
            case FileKind.Directory:
                Note(path, "d", null);
                using (var inner = folder.OpenBeneath(entry.Name))
                {
                    Walk(inner, path, depth + 1);
                }

                break;
            case FileKind.SymbolicLink:
                var target = folder.ReadLink(entry.Name) ?? "";
                _links.Add(new(path, target));
                Note(path, "l", MerkleRoot.Of(PathText.Encode(target)));
                break;
            case FileKind.Regular:
                using (var file = folder.OpenRead(entry.Name))
                using (var content = new FileStream(file, FileAccess.Read, bufferSize: 0))
                {
                    var mode = OpenFile.Status(file).Mode;
                    Note(path, (mode & OwnerMayExecute) != 0 ? "x" : "f", MerkleRoot.Of(content));
                }

                break;
            default:
                throw SourceFault.Refused($"{_directory}/{PathText.Show(path)}", "it is neither a file, a link nor a directory");
        }
    }

    /// <summary>Also those above them: there was nothing else in them.</summary>
    void AddMissing(IReadOnlyCollection<string> directories)
    {
        var there = directories.Count == 0 ? [] : _entries.Select(e => PathText.Decode(e.Path)).ToHashSet(StringComparer.Ordinal);
        foreach (var directory in directories)
        {
            for (var path = directory; !string.IsNullOrEmpty(path) && there.Add(path); path = Path.GetDirectoryName(path))
            {
                Note(path, "d", null);
            }
        }
    }

    void Note(string path, string kind, MerkleRoot? root) => _entries.Add((PathText.Encode(path), kind, root?.ToString() ?? "-"));

    string Hash()
    {
        _entries.Sort(static (a, b) => a.Path.AsSpan().SequenceCompareTo(b.Path));
        var hasher = new MerkleHasher();
        foreach (var (path, kind, root) in _entries)
        {
            hasher.Append(Encoding.ASCII.GetBytes($"{kind} {root} "));
            hasher.Append(path);
            hasher.Append("\0"u8);
        }

        return Prefix + hasher.Finish();
    }

    StageException TooMuch(string path, string what, int limit) => SourceFault.Refused(
        $"{_directory}/{PathText.Show(path)}", string.Create(CultureInfo.InvariantCulture, $"{what}: at most {limit}, got more"));
}

using Pm.Linux;
using Pm.Packages;

namespace Pm.Storage.Unpacking;

/// <summary>
/// Makes the entries of an archive from outside below one directory, and nothing anywhere else. Every directory is
/// reached by openat2 with RESOLVE_BENEATH and RESOLVE_NO_SYMLINKS, every file is made exclusively, symbolic links are
/// made last and only when none of them leads outside, modes of directories after that, the deepest first.
/// </summary>
/// <remarks>
/// Owners, extended attributes and ACLs of the archive are not applied. Files get the permissions of the archive
/// without those of writing for group and others, directories also all permissions for their owner.
/// Source: docs/formats/unpacking.md; trust-and-safety, "Hostile archives".
/// </remarks>
public sealed partial class SafeUnpacker : IDisposable
{
    const int PermissionBits = 0b111_101_101;
    const int SpecialBits = 0b111_000_000_000;
    const int OwnerBits = 0b111_000_000;
    const int WorkingMode = 0b111_000_000;

    readonly DirectoryHandle _target;
    readonly UnpackOptions _options;
    readonly string _name;
    readonly bool _isFresh;
    readonly Func<long> _consumed;
    readonly Dictionary<string, MadeEntry> _made = new(StringComparer.Ordinal);
    readonly Dictionary<string, (string Target, DateTimeOffset? Modified)> _links = new(StringComparer.Ordinal);
    readonly List<string> _skipped = [];
    readonly List<string> _notes = [];
    DirectoryHandle? _folder;
    string _folderPath = "";
    int _entries;
    int _files;
    long _bytes;
    long _written;
    long _names;

    /// <param name="target">The destination; not disposed.</param>
    /// <param name="isFresh">It was made for this run and is empty, so nothing need be looked for in it.</param>
    /// <param name="options">What is allowed.</param>
    /// <param name="name">The archive in messages.</param>
    /// <param name="consumed">How many bytes of the archive were read so far, for the ratio.</param>
    public SafeUnpacker(
        DirectoryHandle target, bool isFresh, UnpackOptions options, string name, Func<long> consumed)
    {
        _target = target;
        _isFresh = isFresh;
        _options = options;
        _name = name;
        _consumed = consumed;
    }

    /// <summary>What was made so far; complete after <see cref="Finish"/>.</summary>
    public UnpackReport Report => new(
        _files, _made.Values.Count(m => m is { Kind: MadeKind.Directory, WasThere: false }), _links.Count, _bytes, _skipped, _notes);

    /// <summary>Adds a sentence to the report.</summary>
    public void Note(string sentence) => _notes.Add(sentence);

    /// <exception cref="PackageFormatException">The entry is refused. What was made before it remains.</exception>
    public void AddDirectory(string name, int mode, DateTimeOffset? modified)
    {
        var where = Count(name);
        var path = EntryPath.Judge(name, _options, where);
        if (path.Length == 0)
        {
            // The destination itself: its mode is its owner's affair.
            return;
        }

        EnsureFolder(path, where);
        if (_made[path] is { WasThere: false })
        {
            _made[path] = new MadeEntry(MadeKind.Directory, FolderMode(mode), modified);
        }
    }

    /// <summary>Passes over a device, FIFO, socket or unknown entry, or refuses it.</summary>
    /// <exception cref="PackageFormatException">PM2213, unless the options skip it.</exception>
    public void AddSpecial(string name, string what)
    {
        var where = Count(name);
        if (!_options.SkipsSpecial)
        {
            throw UnpackFault.Special(where, what);
        }

        _skipped.Add(name);
    }

    /// <summary>Makes the symbolic links, checks where they lead, and gives directories their modes and times.</summary>
    /// <exception cref="PackageFormatException">PM2212: a link leads outside. No link was made.</exception>
    public UnpackReport Finish()
    {
        CheckLinks();
        MakeLinks();
        CloseFolder();
        var folders = _made.Where(m => m.Value is { Kind: MadeKind.Directory, WasThere: false }).Select(m => m.Key).ToArray();

        // The deepest first: a directory's time changes, and its mode may forbid, what comes after.
        Array.Sort(folders, static (a, b) => b.Length.CompareTo(a.Length));
        foreach (var path in folders)
        {
            var made = _made[path];
            var (folder, name) = (Folder(EntryPath.Parent(path)), EntryPath.Name(path));
            folder.SetMode(name, made.Mode);
            if (made.Modified is { } modified)
            {
                folder.SetTimes(name, modified);
            }
        }

        return Report;
    }

    public void Dispose() => CloseFolder();

    string Count(string name)
    {
        var where = $"{_name}: {PathText.Show(name.Length > 300 ? name[..300] + "…" : name)}";
        CountOne(where);
        return where;
    }

    void CountOne(string where)
    {
        if (++_entries > _options.MaximumEntries)
        {
            throw UnpackFault.BeyondLimit(where, "entries", _options.MaximumEntries);
        }
    }

    int FolderMode(int mode) => (mode & PermissionBits) | OwnerBits | (_options.AllowsSetId ? mode & SpecialBits : 0);

    /// <summary>Makes sure that every directory of <paramref name="path"/> is one, and none is reached through a link.</summary>
    void EnsureFolder(string path, string where)
    {
        if (path.Length == 0 || IsFolder(path))
        {
            return;
        }

        // From the deepest one that is known: a path may be long, and there may be many.
        var missing = new Stack<string>();
        for (var part = path; part.Length > 0 && !IsFolder(part); part = EntryPath.Parent(part))
        {
            missing.Push(part);
        }

        while (missing.TryPop(out var part))
        {
            EnsureOne(part, where);
        }
    }

    bool IsFolder(string path) => _made.TryGetValue(path, out var made) && made.Kind == MadeKind.Directory;

    void EnsureOne(string path, string where)
    {
        if (_made.TryGetValue(path, out var made))
        {
            if (made.Kind != MadeKind.Directory)
            {
                throw UnpackFault.Taken(
                    where, $"`{PathText.Show(path)}` is a {(made.Kind == MadeKind.File ? "file" : "symbolic link")} in the archive, not a directory");
            }

            return;
        }

        var (folder, name) = (Folder(EntryPath.Parent(path)), EntryPath.Name(path));
        var wasThere = !_isFresh && folder.Status(name) is { } status
            && (status.IsDirectory ? true : throw UnpackFault.Taken(
                where, $"`{PathText.Show(path)}` is there already and is not a directory"));
        if (!wasThere)
        {
            CountOne(where);
            MakeFolder(folder, name, where);
        }

        _names += path.Length;
        if (_names > _options.Tar.MaximumNames)
        {
            throw UnpackFault.BeyondLimit(where, "length of all directories' names", _options.Tar.MaximumNames);
        }

        _made.Add(path, new MadeEntry(MadeKind.Directory, PackageEntry.DirectoryMode, WasThere: wasThere));
    }

    static void MakeFolder(DirectoryHandle folder, string name, string where)
    {
        try
        {
            folder.MakeDirectory(name, WorkingMode);
        }
        catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
        {
            // On a file system that folds case, another spelling of the name was first.
            throw UnpackFault.Taken(where, $"`{PathText.Show(name)}` is there already under another spelling");
        }
    }

    DirectoryHandle Folder(string path)
    {
        if (path.Length == 0)
        {
            return _target;
        }

        if (_folder is null || _folderPath != path)
        {
            CloseFolder();
            _folder = _target.OpenBeneath(path);
            _folderPath = path;
        }

        return _folder;
    }

    void CloseFolder()
    {
        _folder?.Dispose();
        _folder = null;
        _folderPath = "";
    }
}

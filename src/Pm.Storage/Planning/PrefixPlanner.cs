using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>
/// Compares what packages held, what they shall hold and what is on disk, path by path. Touches nothing. Directories that
/// are new need no look at what is in them, and what no package changes is not looked at.
/// </summary>
sealed class PrefixPlanner
{
    readonly PackageTree _old;
    readonly PackageTree _new;
    readonly DiskView _disk;
    readonly PlanDraft _draft = new();
    readonly HashSet<string> _wasFound;
    readonly HashSet<string> _made = new(StringComparer.Ordinal);
    readonly ConfigurationPlanner _configuration;
    readonly RemovalPlanner _removals;

    /// <param name="found">See <see cref="Generation.FoundDirectories"/>.</param>
    public PrefixPlanner(PackageTree old, PackageTree @new, DiskView disk, IEnumerable<string> found)
    {
        _old = old;
        _new = @new;
        _disk = disk;
        _wasFound = new(found, StringComparer.Ordinal);
        _configuration = new ConfigurationPlanner(disk, _draft);
        _removals = new RemovalPlanner(old, @new, disk, _draft, _wasFound);
    }

    public PlanDraft Plan()
    {
        _draft.Conflicts.AddRange(_new.Conflicts);
        foreach (var directory in _new.Directories)
        {
            Plan(directory);
        }
        PlanFiles(_new.Top);
        foreach (var directory in _new.Directories)
        {
            PlanFiles(directory);
        }
        _removals.PlanAll();
        return _draft;
    }

    void Plan(TreeDirectory directory)
    {
        var old = _old.Directory(directory.Path);
        if (old is not null && !_wasFound.Contains(directory.Path))
        {
            PlanMode(directory, old);
            return;
        }
        switch (_disk.State(directory.Path))
        {
            case DirectoryState.Present:
                _draft.Found.Add(directory.Path);
                break;
            case DirectoryState.Missing:
                EnsureMade(directory);
                break;
            case var state when _old.Files.TryGetValue(directory.Path, out var file):
                if (_removals.ClearForDirectory(file, _new.NameOf(directory.Package)))
                {
                    EnsureMade(directory);
                }
                break;
            case DirectoryState.Link:
                Conflict(directory, ConflictKind.ThroughLink,
                    "a symbolic link is there; pm never writes through one that no package owns");
                break;
            default:
                Conflict(directory, ConflictKind.WrongKind, "a directory is needed, and a file is there that belongs to no package");
                break;
        }
    }

    /// <summary>A directory that pm made before. What else may be wrong with it is for verify to find.</summary>
    void PlanMode(TreeDirectory directory, TreeDirectory old)
    {
        if (old.Mode != directory.Mode && _disk.State(directory.Path) is DirectoryState.Present)
        {
            var mode = _disk.Status(directory.Path)!.Value.Mode;
            _draft.Modes.Add(new Operation.SetMode(directory.Path, mode, directory.Mode));
        }
    }

    /// <summary>Also for a directory of old that somebody removed and that gets a file now.</summary>
    void EnsureMade(TreeDirectory directory)
    {
        if (_disk.State(directory.Path) is not DirectoryState.Missing || ParentIsBlocked(directory.Path)
            || !_made.Add(directory.Path))
        {
            return;
        }
        if (_new.Directory(DiskView.ParentOf(directory.Path)) is { } parent)
        {
            EnsureMade(parent);
        }
        Make(directory);
    }

    void Make(TreeDirectory directory)
    {
        const int OwnerAll = 0b111_000_000;
        var mode = directory.Mode | OwnerAll;
        _draft.NewDirectories.Add(new Operation.MakeDirectory(directory.Path, mode) { Directory = directory });
        if (mode != directory.Mode)
        {
            // Files could not be put into it by anybody but root.
            _draft.Modes.Add(new Operation.SetMode(directory.Path, mode, directory.Mode));
        }
    }

    /// <summary>Above it is a conflict that is named already.</summary>
    bool ParentIsBlocked(string path)
    {
        for (var parent = DiskView.ParentOf(path); parent.Length > 0; parent = DiskView.ParentOf(parent))
        {
            if (_disk.State(parent) is DirectoryState.Link or DirectoryState.File)
            {
                return true;
            }
        }
        return false;
    }

    void PlanFiles(TreeDirectory directory)
    {
        foreach (var entry in directory.Files)
        {
            var old = _old.Files.GetValueOrDefault(entry.Path);
            if (old is null || !old.IsSameAs(entry))
            {
                Plan(directory, entry, old);
            }
        }
    }

    void Plan(TreeDirectory directory, TreeEntry entry, TreeEntry? old)
    {
        switch (_disk.State(directory.Path))
        {
            case DirectoryState.Missing when !ParentIsBlocked(entry.Path):
                EnsureMade(directory);
                _draft.Add(entry);
                break;
            case DirectoryState.Present:
                PlanPresent(entry, old, _disk.Status(entry.Path));
                break;
            case DirectoryState.Link or DirectoryState.File when _old.Directory(directory.Path) is not null:
                Conflict(directory, ConflictKind.ThroughLink, "somebody put something else where pm had made a directory");
                break;
        }
    }

    void PlanPresent(TreeEntry entry, TreeEntry? old, FileStatus? status)
    {
        if (status is not { } there)
        {
            _draft.Add(entry);
        }
        else if (old is not null)
        {
            PlanReplacement(entry, old, there);
        }
        else if (there.IsDirectory && _old.Directory(entry.Path) is not null)
        {
            if (_removals.ClearForFile(entry.Path, _new.NameOf(entry.Package)))
            {
                _draft.Add(entry);
            }
        }
        else
        {
            PlanForeign(entry, there);
        }
    }

    void PlanReplacement(TreeEntry entry, TreeEntry old, FileStatus there)
    {
        switch (_disk.StateOf(old, there))
        {
            case FileState.Pristine:
                _draft.Replace(entry, there, savedAs: null);
                _configuration.Replaced(entry);
                break;
            case FileState.Modified when entry.IsConfiguration || old.IsConfiguration:
                _configuration.PlanEdited(entry, old, there);
                break;
            case FileState.Modified when _disk.StateOf(entry, there) is FileState.Pristine:
                // Somebody put the new version there by hand: nothing would be lost.
                _draft.Replace(entry, there, savedAs: null);
                break;
            case FileState.Modified:
                _draft.Replace(entry, there, _disk.FreeName(entry.Path + PlanSuffix.Save));
                break;
            default:
                Conflict(entry, ConflictKind.WrongKind, "a file is needed, and somebody put a directory there");
                break;
        }
    }

    /// <summary>Something is there that no package owned.</summary>
    void PlanForeign(TreeEntry entry, FileStatus there)
    {
        switch (_disk.StateOf(entry, there))
        {
            case FileState.Pristine:
                Adopt(entry, there);
                break;
            case FileState.Modified when entry.IsConfiguration:
                _configuration.PlanEdited(entry, old: null, there);
                break;
            case FileState.Modified:
                Conflict(entry, ConflictKind.Foreign, "a file is there that belongs to no package and holds something else");
                break;
            default:
                Conflict(entry, ConflictKind.WrongKind, "a directory or special file is there that belongs to no package");
                break;
        }
    }

    /// <summary>The same is there already: only what cannot be seen in it changes, that it is the store's file.</summary>
    void Adopt(TreeEntry entry, FileStatus there)
    {
        if (!entry.IsLink && !entry.IsConfiguration)
        {
            _draft.Replace(entry, there, savedAs: null);
        }
    }

    void Conflict(TreeDirectory directory, ConflictKind kind, string reason) =>
        _draft.Conflicts.Add(new Conflict(directory.Path, kind, _new.NameOf(directory.Package), null, reason));

    void Conflict(TreeEntry entry, ConflictKind kind, string reason) =>
        _draft.Conflicts.Add(new Conflict(entry.Path, kind, _new.NameOf(entry.Package), null, reason));
}

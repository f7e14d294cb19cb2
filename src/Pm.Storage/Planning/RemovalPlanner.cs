using System.Collections.Immutable;
using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>
/// What goes. A directory that pm made and that holds nothing but what goes is moved away by one rename and emptied after
/// the commit; elsewhere each file is moved. What somebody changed is kept.
/// </summary>
sealed class RemovalPlanner
{
    readonly PackageTree _old;
    readonly PackageTree _new;
    readonly DiskView _disk;
    readonly PlanDraft _draft;
    readonly HashSet<string> _wasFound;
    readonly HashSet<string> _cleared = new(StringComparer.Ordinal);
    readonly Dictionary<string, FileState> _states = new(StringComparer.Ordinal);
    readonly Dictionary<string, bool> _whole = new(StringComparer.Ordinal);
    TreeSurvey? _survey;

    public RemovalPlanner(PackageTree old, PackageTree @new, DiskView disk, PlanDraft draft, HashSet<string> wasFound)
    {
        _old = old;
        _new = @new;
        _disk = disk;
        _draft = draft;
        _wasFound = wasFound;
    }

    /// <summary>Takes a file away because a directory is to stand there; false when that is a conflict.</summary>
    public bool ClearForDirectory(TreeEntry file, string package)
    {
        var state = StateOf(file);
        if (state is FileState.OtherKind || (state is FileState.Modified && file.IsConfiguration))
        {
            _draft.Conflicts.Add(new Conflict(file.Path, ConflictKind.WrongKind, package, _old.NameOf(file.Package),
                $"a directory is needed, and the file of {_old.NameOf(file.Package)} there was edited"));
            return false;
        }
        MoveAway(_draft.Clearings, file, state);
        _cleared.Add(file.Path);
        _disk.Clear(file.Path);
        return true;
    }

    /// <summary>Takes a directory away because a file is to stand there; false when that is a conflict.</summary>
    public bool ClearForFile(string directory, string package)
    {
        if (!IsWhole(directory))
        {
            _draft.Conflicts.Add(new Conflict(directory, ConflictKind.WrongKind, package, null,
                "a file is needed, and the directory there holds something that pm did not put there"));
            return false;
        }
        MoveAwayWhole(_draft.Clearings, directory);
        return true;
    }

    public void PlanAll()
    {
        _survey = _disk.Survey(_old, Goes);
        PlanFiles(_old.Top);
        foreach (var directory in _old.Directories)
        {
            if (_cleared.Contains(directory.Path))
            {
                continue;
            }
            if (Goes(directory.Path) && IsWhole(directory.Path))
            {
                MoveAwayWhole(_draft.Removals, directory.Path);
                continue;
            }
            PlanFiles(directory);
        }
        foreach (var directory in _old.Directories.Reverse())
        {
            if (Goes(directory.Path) && !_cleared.Contains(directory.Path)
                && _disk.State(directory.Path) is DirectoryState.Present)
            {
                _draft.EmptiedDirectories.Add(new Operation.RemoveDirectory(directory.Path));
            }
        }
    }

    bool Goes(string directory) =>
        _new.Directory(directory) is null && _old.Directory(directory) is not null && !_wasFound.Contains(directory);

    void PlanFiles(TreeDirectory directory)
    {
        foreach (var file in directory.Files)
        {
            if (!_new.Files.ContainsKey(file.Path) && !_cleared.Contains(file.Path))
            {
                Plan(file);
            }
        }
    }

    void Plan(TreeEntry file)
    {
        var state = StateOf(file);
        if (state is FileState.Modified && file.IsConfiguration)
        {
            _draft.Configuration.Add(new ConfigurationDecision(file.Path, ConfigurationOutcome.KeptAtRemoval));
        }
        else
        {
            MoveAway(_draft.Removals, file, state);
        }
        if (file.IsConfiguration)
        {
            PlanBeside(file);
        }
    }

    /// <summary>The <c>.pm-new</c> that pm had put beside goes with its package.</summary>
    void PlanBeside(TreeEntry file)
    {
        var beside = file.At(file.Path + PlanSuffix.New);
        if (!_new.Files.ContainsKey(beside.Path) && !_old.Files.ContainsKey(beside.Path)
            && StateOf(beside) is FileState.Pristine)
        {
            MoveAway(_draft.Removals, beside, FileState.Pristine);
        }
    }

    void MoveAway(List<Operation> operations, TreeEntry file, FileState state)
    {
        if (state is FileState.Pristine or FileState.Modified)
        {
            var savedAs = state is FileState.Modified ? _disk.FreeName(file.Path + PlanSuffix.Save) : null;
            var seen = _disk.Status(file.Path);
            operations.Add(new Operation.MoveAway(file.Path, _draft.NextSequence(), savedAs, []) { Seen = seen });
            _draft.Save(file.Path, savedAs);
        }
    }

    void MoveAwayWhole(List<Operation> operations, string directory)
    {
        var contents = ImmutableArray.CreateBuilder<string>();
        Collect(directory, directory.Length + 1, contents);
        operations.Add(new Operation.MoveAway(directory, _draft.NextSequence(), null, contents.ToImmutable()));
    }

    void Collect(string directory, int prefix, ImmutableArray<string>.Builder contents)
    {
        _cleared.Add(directory);
        var surveyed = _survey?[directory];
        foreach (var file in surveyed?.Pristine ?? [])
        {
            _cleared.Add(file.Path);
            contents.Add(file.Path[prefix..]);
        }
        foreach (var entry in surveyed?.Subdirectories.Concat(surveyed.Others) ?? _disk.Entries(directory).ToList())
        {
            var path = Join(directory, entry.Name);
            if (entry.Kind is FileKind.Directory)
            {
                Collect(path, prefix, contents);
                contents.Add(path[prefix..] + "/");
            }
            else
            {
                _cleared.Add(path);
                contents.Add(path[prefix..]);
            }
        }
        _disk.Clear(directory);
    }

    /// <summary>Whether everything in the directory goes and nobody has changed any of it.</summary>
    bool IsWhole(string directory)
    {
        if (!_whole.TryGetValue(directory, out var isWhole))
        {
            isWhole = _survey?[directory] is { } found
                ? found.Others.All(e => GoesWhole(Join(directory, e.Name), e.Kind))
                    && found.Pristine.All(e => IsLeft(e.Path))
                    && found.Subdirectories.All(e => IsWhole(Join(directory, e.Name)))
                : Goes(directory) && _disk.State(directory) is DirectoryState.Present
                    && _disk.Entries(directory).ToList().TrueForAll(e => GoesWhole(Join(directory, e.Name), e.Kind));
            _whole.Add(directory, isWhole);
        }
        return isWhole;
    }

    bool GoesWhole(string path, FileKind kind) =>
        kind is FileKind.Directory
            ? IsWhole(path)
            : _old.Files.TryGetValue(path, out var file) && IsLeft(path)
                // A file of its own may be edited at any time, and could not be told from the pristine one afterwards.
                && !file.IsCopied && StateOf(file) is FileState.Pristine;

    /// <summary>Whether nothing new takes its place, and nothing took it away before.</summary>
    bool IsLeft(string path) => !_new.Files.ContainsKey(path) && !_cleared.Contains(path);

    FileState StateOf(TreeEntry file)
    {
        if (!_states.TryGetValue(file.Path, out var state))
        {
            state = _disk.State(DiskView.ParentOf(file.Path)) is DirectoryState.Present
                ? _disk.StateOf(file, _disk.Status(file.Path))
                : FileState.Missing;
            _states.Add(file.Path, state);
        }
        return state;
    }

    static string Join(string directory, string name) => directory.Length == 0 ? name : $"{directory}/{name}";
}

using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>Whether a directory holds exactly what the packages say: nothing changed, missing or added.</summary>
sealed class TreeComparison
{
    readonly PackageTree _tree;
    readonly DiskView _disk;
    readonly TreeSurvey _survey;
    int _files;
    int _directories;

    public TreeComparison(PackageTree tree, DiskView disk)
    {
        _tree = tree;
        _disk = disk;
        _survey = disk.Survey(tree, static _ => true);
    }

    public bool IsExactly() =>
        IsExactly("") && _files == _tree.Files.Count && _directories == _tree.Directories.Count;

    bool IsExactly(string directory)
    {
        if (_survey[directory] is not { } surveyed)
        {
            return _disk.Entries(directory).ToList().TrueForAll(entry => IsExactly(directory, entry));
        }
        _files += surveyed.Pristine.Count;
        return surveyed.Subdirectories.Concat(surveyed.Others).All(entry => IsExactly(directory, entry));
    }

    bool IsExactly(string directory, DirectoryEntry entry)
    {
        var path = directory.Length == 0 ? entry.Name : $"{directory}/{entry.Name}";
        if (entry.Kind is FileKind.Directory)
        {
            _directories++;
            return _tree.Directory(path) is not null && IsExactly(path);
        }
        _files++;
        return _tree.Files.TryGetValue(path, out var file)
            && _disk.StateOf(file, _disk.Status(path)) is FileState.Pristine;
    }
}

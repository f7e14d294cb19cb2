namespace Pm.Storage.Tests;

/// <summary>
/// What a prefix root should hold, kept in memory by the plainest rules: the oracle of <see cref="ModelTests"/>. A node is a
/// text; one beginning with "→" is a link. Directories are kept as paths that end in "/".
/// </summary>
sealed class Model
{
    readonly SortedDictionary<string, string> _disk = new(StringComparer.Ordinal);
    HashSet<string> _found = [];
    Dictionary<string, string> _owned = [];

    public IReadOnlyDictionary<string, string> Disk => _disk;

    public IEnumerable<string> Owned => _owned.Keys;

    public Model Copy()
    {
        var copy = new Model { _found = [.. _found], _owned = new(_owned) };
        foreach (var (path, text) in _disk)
        {
            copy._disk.Add(path, text);
        }
        return copy;
    }

    public void UserWrites(string path, string text)
    {
        MakeParents(path);
        _disk[path] = text;
    }

    public void UserDeletes(string path) => _disk.Remove(path);

    /// <summary>Null: a conflict, and nothing changes.</summary>
    public Model? Change(IEnumerable<IReadOnlyDictionary<string, string>> packages)
    {
        var next = new Dictionary<string, string>();
        foreach (var (path, text) in packages.SelectMany(p => p))
        {
            if (next.TryGetValue(path, out var other) && other != text)
            {
                return null;
            }
            next[path] = text;
        }
        var result = Copy();
        return result.Apply(next) ? result : null;
    }

    bool Apply(Dictionary<string, string> next)
    {
        var oldDirectories = Directories(_owned.Keys);
        var nextDirectories = Directories(next.Keys);
        var wasFound = _found;
        _found = [.. nextDirectories.Where(d => _disk.ContainsKey(d) && (!oldDirectories.Contains(d) || wasFound.Contains(d)))];
        foreach (var (path, text) in next.OrderBy(p => p.Key, StringComparer.Ordinal))
        {
            if (!Put(path, text))
            {
                return false;
            }
        }
        foreach (var (path, text) in _owned.Where(o => !next.ContainsKey(o.Key)))
        {
            Remove(path, text);
        }
        foreach (var directory in oldDirectories.Except(nextDirectories).Except(wasFound).OrderByDescending(d => d.Length))
        {
            if (!_disk.Keys.Any(k => k.StartsWith(directory, StringComparison.Ordinal) && k != directory))
            {
                _disk.Remove(directory);
            }
        }
        _owned = next;
        return true;
    }

    bool Put(string path, string text)
    {
        var old = _owned.GetValueOrDefault(path);
        if (old == text)
        {
            return true;
        }
        if (!_disk.TryGetValue(path, out var there) || there == text || there == old)
        {
            MakeParents(path);
            _disk[path] = text;
            return true;
        }
        if (IsConfiguration(path))
        {
            PutBeside(path, text, old);
            return true;
        }
        if (old is null)
        {
            return false;
        }
        _disk[Free(path + ".pm-save")] = there;
        _disk[path] = text;
        return true;
    }

    void PutBeside(string path, string text, string? old)
    {
        var beside = path + ".pm-new";
        for (var i = 2; _disk.TryGetValue(beside, out var there) && there != text && there != old; i++)
        {
            beside = $"{path}.pm-new.{i}";
        }
        _disk[beside] = text;
    }

    void Remove(string path, string text)
    {
        if (IsConfiguration(path) && _disk.GetValueOrDefault(path + ".pm-new") == text)
        {
            _disk.Remove(path + ".pm-new");
        }
        if (!_disk.TryGetValue(path, out var there))
        {
            return;
        }
        if (there == text)
        {
            _disk.Remove(path);
        }
        else if (!IsConfiguration(path))
        {
            _disk.Remove(path);
            _disk[Free(path + ".pm-save")] = there;
        }
    }

    string Free(string path)
    {
        var free = path;
        for (var i = 2; _disk.ContainsKey(free); i++)
        {
            free = $"{path}.{i}";
        }
        return free;
    }

    void MakeParents(string path)
    {
        foreach (var directory in Directories([path]))
        {
            _disk[directory] = "";
        }
    }

    static HashSet<string> Directories(IEnumerable<string> paths)
    {
        var directories = new HashSet<string>();
        foreach (var path in paths)
        {
            for (var slash = path.IndexOf('/'); slash >= 0; slash = path.IndexOf('/', slash + 1))
            {
                directories.Add(path[..(slash + 1)]);
            }
        }
        return directories;
    }

    static bool IsConfiguration(string path) => path.StartsWith("etc/", StringComparison.Ordinal);
}

using System.Collections.Concurrent;
using Pm.Linux;

namespace Pm.Repositories.Serving;

/// <summary>
/// The files that were asked for lately: small ones in memory, larger ones open. Whether one is still what its name
/// means is asked of the kernel at every request, so that a change is seen by the next.
/// </summary>
sealed class OpenFiles
{
    /// <summary>How many files are kept; in memory together at most this times <see cref="MaximumContent"/>.</summary>
    public const int MaximumFiles = 512;

    /// <summary>In bytes; a longer file is kept open, not in memory.</summary>
    public const int MaximumContent = 32 * 1024;

    readonly ConcurrentDictionary<string, Kept> _files = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Kept>.AlternateLookup<ReadOnlySpan<char>> _byPath;

    readonly OpenFileLimit _limit;

    public OpenFiles(OpenFileLimit limit)
    {
        _limit = limit;
        _byPath = _files.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The file of that path when it is kept and still the same; to be disposed.</summary>
    public ServedFile? Find(DirectoryHandle directory, ReadOnlySpan<char> path)
    {
        if (!_byPath.TryGetValue(path, out var kept))
        {
            return null;
        }

        if (directory.StatusBeneath(kept.Name) is { } now && IsSame(now, kept.File.Status) && kept.File.TryShare())
        {
            kept.WasUsed = true;
            return kept.File;
        }

        Drop(new(kept.File.Path, kept));
        return null;
    }

    /// <summary>Keeps <paramref name="file"/> for others besides the one who opened it.</summary>
    public void Keep(ServedFile file)
    {
        if (_files.Count >= MaximumFiles)
        {
            DropUnused();
        }

        if (_files.Count >= MaximumFiles || !file.TryShare())
        {
            return;
        }

        if (!file.IsInMemory && !TryKeepOpen())
        {
            file.Dispose();
        }
        else if (!_files.TryAdd(file.Path, new Kept(file)))
        {
            Ended(file);
        }
    }

    /// <summary>Those that nobody asked for since the last time; when all were asked for, all.</summary>
    public void DropUnused()
    {
        var before = _files.Count;
        foreach (var pair in _files)
        {
            if (pair.Value.WasUsed)
            {
                pair.Value.WasUsed = false;
            }
            else
            {
                Drop(pair);
            }
        }

        if (_files.Count >= before)
        {
            foreach (var pair in _files)
            {
                Drop(pair);
            }
        }
    }

    bool TryKeepOpen()
    {
        if (_limit.TryKeep())
        {
            return true;
        }

        DropUnused();
        return _limit.TryKeep();
    }

    void Drop(KeyValuePair<string, Kept> pair)
    {
        if (_files.TryRemove(pair))
        {
            Ended(pair.Value.File);
        }
    }

    void Ended(ServedFile file)
    {
        if (!file.IsInMemory)
        {
            _limit.Dropped();
        }

        file.Dispose();
    }

    static bool IsSame(in FileStatus a, in FileStatus b) =>
        a.IsSameFile(b) && a.Size == b.Size && a.Modified == b.Modified && a.Changed == b.Changed && a.Kind == b.Kind;

    sealed class Kept(ServedFile file)
    {
        public ServedFile File { get; } = file;

        /// <summary>For the kernel.</summary>
        public byte[] Name { get; } = FileName.Terminated(file.Path);

        public bool WasUsed { get; set; }
    }
}

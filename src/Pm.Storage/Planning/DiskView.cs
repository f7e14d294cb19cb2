using Microsoft.Win32.SafeHandles;
using Pm.Blobs;
using Pm.Linux;

namespace Pm.Storage.Planning;

/// <summary>What is really there below a directory, asked once and without following any link.</summary>
sealed class DiskView : IDisposable
{
    const int HashBuffer = 128 * 1024;

    readonly DirectoryHandle _top;
    readonly Store _store;
    readonly bool _isWithinMount;
    readonly Dictionary<string, DirectoryState> _states = new(StringComparer.Ordinal) { [""] = DirectoryState.Present };
    string _openPath = "";
    DirectoryHandle? _open;

    /// <param name="top">Not disposed by the view.</param>
    /// <param name="store">Where the pristine files are.</param>
    /// <param name="isWithinMount">Whether it is refused to look into what is mounted below.</param>
    public DiskView(DirectoryHandle top, Store store, bool isWithinMount = false)
    {
        _top = top;
        _store = store;
        _isWithinMount = isWithinMount;
    }

    /// <summary>What is at <paramref name="path"/>; below what is missing everything is missing.</summary>
    public DirectoryState State(string path)
    {
        if (_states.TryGetValue(path, out var known))
        {
            return known;
        }
        var parent = State(ParentOf(path));
        var state = parent is not DirectoryState.Present
            ? DirectoryState.Missing
            : Open(ParentOf(path)).Status(NameOf(path)) switch
            {
                null => DirectoryState.Missing,
                { IsDirectory: true } => DirectoryState.Present,
                { IsSymbolicLink: true } => DirectoryState.Link,
                _ => DirectoryState.File,
            };
        _states.Add(path, state);
        return state;
    }

    /// <summary>Notes that <paramref name="path"/> will have been moved away.</summary>
    public void Clear(string path) => _states[path] = DirectoryState.Missing;

    /// <summary>The status of a file whose directory is <see cref="DirectoryState.Present"/>.</summary>
    public FileStatus? Status(string path) => Open(ParentOf(path)).Status(NameOf(path));

    public IEnumerable<DirectoryEntry> Entries(string directory) => Open(directory).Entries();

    /// <summary>Looks into directories of packages ahead, by several threads.</summary>
    public TreeSurvey Survey(PackageTree tree, Func<string, bool> isWanted) => TreeSurvey.Of(tree, _top, _store, isWanted, _isWithinMount);

    /// <summary>Whether the file is what pm put there.</summary>
    public FileState StateOf(TreeEntry entry, FileStatus? status) => status switch
    {
        null => FileState.Missing,
        { IsSymbolicLink: true } when entry.IsLink =>
            Open(ParentOf(entry.Path)).ReadLink(entry.Name) == entry.Target ? FileState.Pristine : FileState.Modified,
        { IsSymbolicLink: true } => FileState.Modified,
        { IsRegular: true } when entry.IsLink => FileState.Modified,
        { IsRegular: true } regular => Holds(entry.Path, entry, regular) ? FileState.Pristine : FileState.Modified,
        _ => FileState.OtherKind,
    };

    /// <summary>Whether a regular file has the content of <paramref name="entry"/>.</summary>
    /// <remarks>
    /// The store's own inode with the store's own time was never written to; anything else is hashed. Somebody who edits
    /// through the link and sets the time back deceives this, not verify, which hashes.
    /// </remarks>
    public bool Holds(string path, TreeEntry entry, FileStatus status) =>
        (status.Modified == Store.BlobTime
            && _store.StatusOf(entry.Blob) is { } blob && blob.IsSameFile(status))
        || RootOf(path) == entry.Root;

    public MerkleRoot? RootOf(string path)
    {
        using var file = Open(ParentOf(path)).TryOpenRead(NameOf(path));
        return file is null ? null : RootOf(file);
    }

    public static MerkleRoot RootOf(SafeFileHandle file)
    {
        var hasher = new MerkleHasher();
        var buffer = System.Buffers.ArrayPool<byte>.Shared.Rent(HashBuffer);
        try
        {
            long offset = 0;
            int count;
            while ((count = RandomAccess.Read(file, buffer.AsSpan(0, HashBuffer), offset)) > 0)
            {
                hasher.Append(buffer.AsSpan(0, count));
                offset += count;
            }
            return hasher.Finish();
        }
        finally
        {
            System.Buffers.ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary><c>path.pm-save</c>, or the first such name with a number that is free.</summary>
    public string FreeName(string path)
    {
        var name = path;
        for (var i = 2; Status(name) is not null; i++)
        {
            name = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{path}.{i}");
        }
        return name;
    }

    public void Dispose()
    {
        if (_open is not null && _open != _top)
        {
            _open.Dispose();
        }
    }

    internal static string ParentOf(string path) => path[..Math.Max(path.LastIndexOf('/'), 0)];

    internal static string NameOf(string path) => path[(path.LastIndexOf('/') + 1)..];

    DirectoryHandle Open(string directory)
    {
        if (_open is null || _openPath != directory)
        {
            Dispose();
            _open = null;
            _open = directory.Length == 0 ? _top
                : !_isWithinMount ? _top.OpenBeneath(directory)
                : _top.TryOpenWithinMount(directory) ?? throw new SystemCallException("open", Errno.ENOENT, Path.Join(_top.Path, directory));
            _openPath = directory;
        }
        return _open;
    }
}

using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>
/// The directory that is being worked in. Steps come grouped by directory, so one open handle serves. Remembers each file
/// system it met, since a root may have others mounted inside and each needs a sync of its own. Not safe for several threads.
/// </summary>
sealed class DirectoryCursor : IDisposable
{
    readonly DirectoryHandle _top;
    readonly FileSystems _fileSystems;
    string _path = "";
    DirectoryHandle? _open;

    /// <param name="top">Not disposed by the cursor.</param>
    public DirectoryCursor(DirectoryHandle top, FileSystems fileSystems)
    {
        _top = top;
        _fileSystems = fileSystems;
    }

    /// <exception cref="SystemCallException">It is not there, or a link or file is in the way.</exception>
    public DirectoryHandle At(string directory) =>
        TryAt(directory) ?? throw new SystemCallException("open", Errno.ENOENT, Path.Join(_top.Path, directory));

    /// <summary>Null when it is not there, or something else is: a step that was not done yet, or is undone already.</summary>
    public DirectoryHandle? TryAt(string directory)
    {
        if (directory.Length == 0)
        {
            return _top;
        }
        if (_open is null || _path != directory)
        {
            _open?.Dispose();
            _open = null;
            _path = directory;
            _open = TryOpen(directory);
            if (_open is not null)
            {
                _fileSystems.Note(_open);
            }
        }
        return _open;
    }

    /// <summary>The directory of <paramref name="path"/>.</summary>
    public DirectoryHandle AtParentOf(string path) => At(path[..Math.Max(path.LastIndexOf('/'), 0)]);

    public DirectoryHandle? TryAtParentOf(string path) => TryAt(path[..Math.Max(path.LastIndexOf('/'), 0)]);

    DirectoryHandle? TryOpen(string directory)
    {
        try
        {
            return _top.TryOpenBeneath(directory);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP)
        {
            return null;
        }
    }

    public void Dispose()
    {
        _open?.Dispose();
        _open = null;
    }
}

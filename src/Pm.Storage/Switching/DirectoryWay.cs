using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>
/// The open directories from a top down to the one that is worked in, for who walks a tree children first: going back up opens
/// nothing. Not for two threads at once.
/// </summary>
sealed class DirectoryWay : IDisposable
{
    readonly DirectoryHandle _top;
    readonly Stack<(string Path, DirectoryHandle? Handle)> _open = [];

    /// <param name="top">Not disposed by it.</param>
    public DirectoryWay(DirectoryHandle top) => _top = top;

    /// <summary>Null when it is not there, or a link or file is in the way.</summary>
    /// <param name="path">Relative to the top; "" is the top itself.</param>
    public DirectoryHandle? At(string path)
    {
        while (_open.TryPeek(out var last) && !IsAtOrBelow(path, last.Path))
        {
            _open.Pop().Handle?.Dispose();
        }
        if (path.Length == 0)
        {
            return _top;
        }
        var (parent, from) = _open.TryPeek(out var found) ? (found.Path, found.Handle) : ("", _top);
        if (parent.Length == path.Length)
        {
            return from;
        }
        var handle = from is null ? null : TryOpen(from, path[(parent.Length == 0 ? 0 : parent.Length + 1)..]);
        _open.Push((path, handle));
        return handle;
    }

    public void Dispose()
    {
        foreach (var (_, handle) in _open)
        {
            handle?.Dispose();
        }
        _open.Clear();
    }

    static bool IsAtOrBelow(string path, string directory) =>
        path.StartsWith(directory, StringComparison.Ordinal) && (path.Length == directory.Length || path[directory.Length] == '/');

    static DirectoryHandle? TryOpen(DirectoryHandle from, string path)
    {
        try
        {
            return from.TryOpenBeneath(path);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOTDIR or Errno.ELOOP)
        {
            return null;
        }
    }
}

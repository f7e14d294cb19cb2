using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>The file systems that a transaction writes to. Thread-safe.</summary>
sealed class FileSystems : IDisposable
{
    readonly Dictionary<ulong, DirectoryHandle> _others = [];
    readonly DirectoryHandle _top;
    readonly ulong _device;

    /// <param name="top">On the one that is always synced; not disposed.</param>
    public FileSystems(DirectoryHandle top)
    {
        _top = top;
        _device = top.Status().Device;
    }

    public void Note(DirectoryHandle directory)
    {
        var device = directory.Status().Device;
        if (device == _device)
        {
            return;
        }
        lock (_others)
        {
            if (!_others.ContainsKey(device))
            {
                _others.Add(device, directory.OpenBeneath("."));
            }
        }
    }

    /// <summary>Makes all that was done durable, one syncfs a file system.</summary>
    public void Sync()
    {
        _top.SyncFileSystem();
        foreach (var other in _others.Values)
        {
            other.SyncFileSystem();
        }
    }

    public void Dispose()
    {
        foreach (var other in _others.Values)
        {
            other.Dispose();
        }
    }
}

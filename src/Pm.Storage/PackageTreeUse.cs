using Pm.Linux;

namespace Pm.Storage;

/// <summary>A package expanded in the store, kept from being collected until this is disposed.</summary>
public sealed class PackageTreeUse : IDisposable
{
    readonly FileLock _lock;

    internal PackageTreeUse(string path, FileLock taken)
    {
        Path = path;
        _lock = taken;
    }

    /// <summary>The absolute path of the tree.</summary>
    public string Path { get; }

    public void Dispose() => _lock.Dispose();
}

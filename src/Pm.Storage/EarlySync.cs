using Pm.Linux;

namespace Pm.Storage;

/// <summary>
/// Has the kernel write while more is being made, where thousands of files come: the sync at the end, which alone makes anything
/// durable, then finds little to do. Thread-safe.
/// </summary>
sealed class EarlySync(string path) : IDisposable
{
    /// <summary>How many new files are worth a sync.</summary>
    const int Files = 3000;

    int _files;
    Task? _running;

    /// <summary>One more file was made.</summary>
    public void Count()
    {
        if (Interlocked.Increment(ref _files) % Files == 0 && _running is not { IsCompleted: false })
        {
            _running = Task.Run(Run);
        }
    }

    public void Dispose() => _running?.Wait();

    void Run()
    {
        try
        {
            // A handle of its own: what the write-back could not write is told to each handle once, and the last sync has to hear it.
            using var directory = DirectoryHandle.Open(path);
            directory.SyncFileSystem();
        }
        catch (SystemCallException)
        {
            // The last sync fails as well, and says so.
        }
    }
}

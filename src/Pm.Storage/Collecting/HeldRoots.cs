using Pm.Linux;

namespace Pm.Storage.Collecting;

/// <summary>
/// The registered roots of a store, held while it is collected, so that a generation that the plan lets go does go before what it
/// names. Nobody is waited for, because who holds a root may be waiting for the store: of a root that is not to be had everything stays.
/// </summary>
sealed class HeldRoots : IDisposable
{
    readonly List<FileLock> _locks = [];
    readonly Dictionary<string, string> _refused = new(StringComparer.Ordinal);

    public HeldRoots(Store store, string holder)
    {
        foreach (var registered in new StoreRoots(store).All())
        {
            Take(registered.Path, holder);
        }
    }

    /// <summary>Why nothing of a root may go; null: it is held.</summary>
    public string? Refusal(string path) => _refused.GetValueOrDefault(path);

    public void Dispose() => _locks.ForEach(taken => taken.Dispose());

    void Take(string path, string holder)
    {
        try
        {
            using var root = Root.TryOpen(path);
            if (root is null)
            {
                return;
            }

            if (FileLock.TryExclusive(root.LockPath, holder) is { } taken)
            {
                _locks.Add(taken);
            }
            else
            {
                _refused[root.Path] = "it is being changed";
            }
        }
        catch (Exception e) when (e is SystemCallException or StoreException)
        {
            _refused[path] = e.Message;
        }
    }
}

using Pm.Linux;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary>A change that is signed where it lies: the <c>pending.json</c> of a repository, or a copy of it anywhere.</summary>
public static class ChangeFile
{
    const int Mode = 0x1a4; // 0644: it holds nothing secret

    /// <returns>Null: there is none.</returns>
    /// <exception cref="Trust.TrustException">It is no change, or an altered one.</exception>
    public static RepositoryChange? Read(string path, string shown)
    {
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        return Read(directory, path, shown);
    }

    /// <summary>
    /// Writes signatures to it. A person had time to read before they were made, so it is read again, and in a repository under the
    /// lock: what others signed meanwhile stays, and what was published or given up does not come back.
    /// </summary>
    /// <param name="path">Of the file.</param>
    /// <param name="shown">The same for messages.</param>
    /// <param name="change">What was read, with signatures.</param>
    /// <param name="access">Who signs.</param>
    /// <returns>What is written.</returns>
    /// <exception cref="RepositoryException">PM5015: it was published, given up or changed meanwhile.</exception>
    /// <exception cref="LockBusyException">Another process changes the repository for too long.</exception>
    public static RepositoryChange AddSignatures(string path, string shown, RepositoryChange change, RepositoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(change);
        ArgumentNullException.ThrowIfNull(access);
        using var directory = DirectoryHandle.Open(Path.GetDirectoryName(path)!);
        using var held = IsPending(directory, path)
            ? FileLock.Exclusive(Path.Join(directory.Path, RepositoryLayout.Staged, RepositoryLayout.LockName), access.Holder, access.LockTimeout, access.Time, cancellation: access.Cancellation)
            : null;
        if (Read(directory, path, shown) is not { } now || !now.IsSameContent(change))
        {
            throw new RepositoryException("PM5015", $"{shown}: it was published, given up or changed meanwhile: nothing is signed", "pm repo sign FILE shows what waits now");
        }

        var merged = now.With(change);
        DurableFile.ClearLeft(directory, isAlone: false);
        DurableFile.Replace(directory, Path.GetFileName(path), merged.ToBytes(), Mode);
        return merged;
    }

    static RepositoryChange? Read(DirectoryHandle directory, string path, string shown) =>
        directory.TryReadFile(Path.GetFileName(path), RepositoryChange.MaximumLength) is { } bytes ? RepositoryChange.Parse(bytes, shown) : null;

    static bool IsPending(DirectoryHandle directory, string path) =>
        Path.GetFileName(path) == RepositoryLayout.Pending && directory.Status(RepositoryLayout.Staged) is { IsDirectory: true };
}

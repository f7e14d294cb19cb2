using Pm.Linux;

namespace Pm.Remotes.Downloads;

/// <summary>
/// Bodies that broke off: the first bytes of a file whose hash is signed, under that hash, so that a later run goes on where this
/// one stopped. Nothing in it is believed: who reads it checks the whole file by its hash.
/// </summary>
/// <remarks>For one process at a time. The directory is made when there is something to keep.</remarks>
/// <param name="path">Absolute; only files of this are in it.</param>
public sealed class PartialFiles(string path)
{
    /// <summary>Shorter bodies are not kept: fetching them again costs less than the files would.</summary>
    public const int SmallestKept = 128 * 1024;

    /// <summary>What broke off longer ago is hardly asked for again.</summary>
    public static readonly TimeSpan MaximumAge = TimeSpan.FromDays(7);

    /// <summary>All bodies together, in bytes; the oldest go first.</summary>
    public const long MaximumSize = 4L * 1024 * 1024 * 1024;

    const int DirectoryMode = 0x1ed; // 0755
    const int FileMode = 0x180; // 0600

    /// <summary>Opens the body of a name, which is empty when nothing of it is there.</summary>
    /// <param name="name">A hash, and what form of the content it is.</param>
    /// <param name="maximumLength">What is longer cannot be its beginning, and is thrown away.</param>
    /// <exception cref="SystemCallException">It cannot be made or read.</exception>
    internal PartialFile Open(string name, long maximumLength)
    {
        var directory = DirectoryHandle.OpenOrMake(path, DirectoryMode);
        try
        {
            var file = directory.OpenAppend(name, FileMode);
            var partial = new PartialFile(directory, name, file);
            if (partial.Length > maximumLength)
            {
                partial.Clear();
            }

            return partial;
        }
        catch
        {
            directory.Dispose();
            throw;
        }
    }

    /// <summary>What is there, oldest first.</summary>
    public IReadOnlyList<KeptPart> Parts()
    {
        using var directory = DirectoryHandle.TryOpen(path);
        return directory is null ? [] : [.. directory.Entries().ToList()
            .Select(e => (e.Name, Status: directory.Status(e.Name)))
            .Where(e => e.Status is { IsRegular: true })
            .Select(e => new KeptPart(e.Name, e.Status!.Value.Size, e.Status.Value.Modified))
            .OrderBy(p => p.Modified).ThenBy(p => p.Name, StringComparer.Ordinal)];
    }

    /// <summary>Removes those that <paramref name="isNeedless"/> says nobody goes on with.</summary>
    public void Remove(Func<KeptPart, bool> isNeedless) => Remove([.. Parts().Where(isNeedless)]);

    /// <summary>How much is there of a body, in bytes.</summary>
    internal long SizeOf(string name)
    {
        using var directory = DirectoryHandle.TryOpen(path);
        return directory?.Status(name) is { IsRegular: true } status ? status.Size : 0;
    }

    /// <summary>Removes what is too old, and the oldest of what is too much.</summary>
    /// <param name="now">The time.</param>
    /// <param name="maximumAge">0 removes all.</param>
    /// <param name="maximumSize">In bytes.</param>
    /// <returns>What was removed.</returns>
    public IReadOnlyList<KeptPart> Clean(DateTimeOffset now, TimeSpan maximumAge, long maximumSize = MaximumSize)
    {
        var parts = Parts();
        var tooMuch = parts.Sum(p => p.Size) - maximumSize;
        var removed = new List<KeptPart>();
        foreach (var part in parts)
        {
            if (tooMuch > 0 || now - part.Modified >= maximumAge)
            {
                tooMuch -= part.Size;
                removed.Add(part);
            }
        }

        Remove(removed);
        return removed;
    }

    void Remove(List<KeptPart> parts)
    {
        if (parts.Count == 0)
        {
            return;
        }

        using var directory = DirectoryHandle.Open(path);
        foreach (var part in parts)
        {
            directory.RemoveTree(part.Name);
        }
    }
}

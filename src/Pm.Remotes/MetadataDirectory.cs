using Pm.Linux;

namespace Pm.Remotes;

/// <summary>Where a client keeps the metadata it believes, byte for byte, under unversioned names.</summary>
sealed class MetadataDirectory(string path)
{
    const int DirectoryMode = 0x1ed; // 0755

    public byte[]? Read(string name, int maximumLength)
    {
        using var directory = DirectoryHandle.TryOpen(path);
        return directory?.TryReadFile(name, maximumLength);
    }

    /// <summary>In bytes; null where there is no such file.</summary>
    public long? LengthOf(string name)
    {
        using var directory = DirectoryHandle.TryOpen(path);
        return directory?.Status(name)?.Size;
    }

    /// <summary>After a crash the old bytes are there or the new.</summary>
    public void Replace(string name, ReadOnlyMemory<byte> bytes)
    {
        using var directory = DirectoryHandle.OpenOrMake(path, DirectoryMode);
        RemoveTemporaries(directory);
        DurableFile.Replace(directory, name, bytes.Span);
    }

    public void Remove(string name)
    {
        using var directory = DirectoryHandle.TryOpen(path);
        if (directory?.Status(name) is not null)
        {
            directory.Unlink(name);
            directory.Sync();
        }
    }

    /// <summary>What a killed process left. Two pulls at once are kept apart by the caller's lock.</summary>
    static void RemoveTemporaries(DirectoryHandle directory)
    {
        foreach (var entry in directory.Entries().ToList())
        {
            if (entry.Name.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal))
            {
                directory.Unlink(entry.Name);
            }
        }
    }
}

using Pm.Linux;

namespace Pm.Remotes;

/// <summary>Where a client keeps the metadata it believes, byte for byte, under unversioned names.</summary>
sealed class MetadataDirectory(string path)
{
    internal const int DirectoryMode = 0x1ed; // 0755
    const int FileMode = 0x1a4; // 0644

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

    /// <summary>
    /// As <see cref="Replace"/>, but not durable: thousands would cost a sync each, and what is read again is verified
    /// again. After a crash of the machine the file is whole, or refused, or not there.
    /// </summary>
    public void Put(string name, ReadOnlyMemory<byte> bytes)
    {
        using var directory = DirectoryHandle.OpenOrMake(path, DirectoryMode);
        var temporary = DurableFile.TemporaryName();
        using (var file = directory.CreateFile(temporary, FileMode))
        {
            FileWriting.Write(file, bytes.Span, Path.Join(path, temporary));
        }

        directory.Rename(temporary, directory, name);
    }

    /// <summary>Removes every other file.</summary>
    public void RemoveAllBut(HashSet<string> names)
    {
        using var directory = DirectoryHandle.TryOpen(path);
        foreach (var entry in directory?.Entries().Where(entry => !names.Contains(entry.Name)).ToList() ?? [])
        {
            directory!.Unlink(entry.Name);
        }
    }

    /// <summary>Removes what a killed process left. Two pulls at once are kept apart by the caller's lock.</summary>
    public void RemoveTemporaries()
    {
        using var directory = DirectoryHandle.TryOpen(path);
        if (directory is not null)
        {
            RemoveTemporaries(directory);
        }
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

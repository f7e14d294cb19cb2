using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// Small files that are replaced as a whole: after a crash at any instant the old content or the new is there, and
/// once <c>Replace</c> has returned it is the new. Source: trust-and-safety 6.1, rule 1.
/// </summary>
public static class DurableFile
{
    /// <summary>What the name of every temporary file starts with; one that a killed process left may be removed.</summary>
    public const string TemporaryPrefix = ".pm-tmp-";

    const int DefaultMode = 0x1a4; // 0644
    const int BufferSize = 128 * 1024;
    static long _counter;

    /// <summary>Replaces or makes the file at <paramref name="path"/>; its directory must be there.</summary>
    /// <exception cref="SystemCallException">The old content stands, unless it was the last sync that failed.</exception>
    public static void Replace(string path, ReadOnlySpan<byte> content, int mode = DefaultMode)
    {
        var parent = Path.GetDirectoryName(path);
        using var directory = DirectoryHandle.Open(string.IsNullOrEmpty(parent) ? "." : parent);
        Replace(directory, Path.GetFileName(path), content, mode);
    }

    /// <summary>Replaces or makes the file <paramref name="name"/>. A symbolic link there is itself replaced.</summary>
    /// <exception cref="SystemCallException">The old content stands, unless it was the last sync that failed.</exception>
    public static void Replace(
        DirectoryHandle directory, string name, ReadOnlySpan<byte> content, int mode = DefaultMode)
    {
        var (temporary, file) = CreateTemporary(directory, mode);
        var path = Path.Join(directory.Path, temporary);
        try
        {
            using (file)
            {
                FileWriting.Write(file, content, path);
                FileWriting.Sync(file, path);
            }

            Rename(directory, temporary, name);
        }
        catch (SystemCallException)
        {
            RemoveQuietly(directory, temporary);
            throw;
        }
    }

    /// <summary>As the others, for content that is too large to be in memory as a whole.</summary>
    /// <param name="write">Writes all of it; a failure of its own leaves the old content, too.</param>
    /// <exception cref="SystemCallException">The old content stands, unless it was the last sync that failed.</exception>
    public static void Replace(DirectoryHandle directory, string name, Action<Stream> write, int mode = DefaultMode)
    {
        var (temporary, file) = CreateTemporary(directory, mode);
        var path = Path.Join(directory.Path, temporary);
        try
        {
            using (file)
            {
                using (var buffered = new BufferedStream(FileWriting.Stream(file, path), BufferSize))
                {
                    write(buffered);
                }

                FileWriting.Sync(file, path);
            }

            Rename(directory, temporary, name);
        }
        catch
        {
            RemoveQuietly(directory, temporary);
            throw;
        }
    }

    static void Rename(DirectoryHandle directory, string temporary, string name)
    {
        directory.Rename(temporary, directory, name);
        directory.Sync();
    }

    /// <summary>A name for a temporary file that no other process on this machine uses now.</summary>
    public static string TemporaryName() => string.Create(
        CultureInfo.InvariantCulture,
        $"{TemporaryPrefix}{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}");

    /// <summary>
    /// Removes the temporary files, and directories, that killed processes left in a directory. The name tells the process,
    /// so what another one is just writing stays.
    /// </summary>
    /// <param name="directory">Where they may lie.</param>
    /// <param name="isAlone">Nothing else of this process is writing there, as under a lock: what it left itself goes, too.</param>
    /// <exception cref="SystemCallException">One cannot be removed.</exception>
    public static void ClearLeft(DirectoryHandle directory, bool isAlone = true)
    {
        ArgumentNullException.ThrowIfNull(directory);
        foreach (var entry in directory.Entries().Where(e => e.Name.StartsWith(TemporaryPrefix, StringComparison.Ordinal)).ToList())
        {
            if (!IsInUse(entry.Name[TemporaryPrefix.Length..].Split('-'), isAlone))
            {
                directory.RemoveTree(entry.Name);
            }
        }
    }

    // Of this process's own number, what it has not given out yet: an earlier process had the number too.
    static bool IsInUse(string[] parts, bool isAlone) => parts[0] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
        ? !isAlone && (parts.Length < 2 || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number <= Interlocked.Read(ref _counter))
        : FileStatus.Of("/proc/" + parts[0]) is not null;

    static (string Name, SafeFileHandle File) CreateTemporary(DirectoryHandle directory, int mode)
    {
        while (true)
        {
            var name = TemporaryName();
            try
            {
                return (name, directory.CreateFile(name, mode));
            }
            catch (SystemCallException e) when (e.Errno == Errno.EEXIST)
            {
                // Left by a killed process that had the same number; the next name is free.
            }
            catch (SystemCallException)
            {
                RemoveQuietly(directory, name);
                throw;
            }
        }
    }

    // The first error is the one to report; what stays behind has a name that recovery knows.
    static void RemoveQuietly(DirectoryHandle directory, string name)
    {
        try
        {
            directory.Unlink(name);
        }
        catch (SystemCallException)
        {
        }
    }
}

using System.Globalization;
using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>What a killed process left while it replaced one of pm's own small files.</summary>
static class TemporaryFiles
{
    /// <param name="directory">The state of a root, or a store.</param>
    /// <param name="below">The directory in it where such files are made too.</param>
    public static void Clear(DirectoryHandle directory, string below)
    {
        ClearIn(directory);
        using var inner = directory.TryOpenBeneath(below);
        if (inner is not null)
        {
            ClearIn(inner);
        }
    }

    /// <summary>As <see cref="Clear"/> for a user's own directory, where others may have something of the name: what cannot be removed stays.</summary>
    public static void ClearQuietly(DirectoryHandle directory)
    {
        try
        {
            ClearIn(directory);
        }
        catch (SystemCallException)
        {
            // Whoever is here wants to write a file, and will be told when that cannot be done.
        }
    }

    static void ClearIn(DirectoryHandle directory)
    {
        foreach (var entry in directory.Entries().ToList())
        {
            if (entry.Name.StartsWith(DurableFile.TemporaryPrefix, StringComparison.Ordinal) && !IsAlive(entry.Name))
            {
                directory.RemoveTree(entry.Name);
            }
        }
    }

    /// <summary>The name tells the process. Some of these files are written by others without the lock that is held here.</summary>
    static bool IsAlive(string name)
    {
        var process = name[DurableFile.TemporaryPrefix.Length..].Split('-')[0];
        return process != Environment.ProcessId.ToString(CultureInfo.InvariantCulture)
            && FileStatus.Of("/proc/" + process) is not null;
    }
}

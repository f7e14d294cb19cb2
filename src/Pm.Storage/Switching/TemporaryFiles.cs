using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>What a killed process left while it replaced one of pm's own small files.</summary>
static class TemporaryFiles
{
    public static void Clear(DirectoryHandle state)
    {
        ClearIn(state);
        using var generations = state.TryOpenBeneath(Root.GenerationsDirectory);
        if (generations is not null)
        {
            ClearIn(generations);
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

    /// <summary>The name tells the process; settings and remotes are written without the root's lock.</summary>
    static bool IsAlive(string name)
    {
        var process = name[DurableFile.TemporaryPrefix.Length..].Split('-')[0];
        return FileStatus.Of("/proc/" + process) is not null;
    }
}

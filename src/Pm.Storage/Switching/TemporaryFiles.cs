using Pm.Linux;

namespace Pm.Storage.Switching;

/// <summary>What a killed process left while it replaced one of pm's own small files.</summary>
static class TemporaryFiles
{
    /// <param name="directory">The state of a root, or a store.</param>
    /// <param name="below">The directories in it where such files are made too.</param>
    public static void Clear(DirectoryHandle directory, params ReadOnlySpan<string> below)
    {
        DurableFile.ClearLeft(directory);
        foreach (var name in below)
        {
            using var inner = directory.TryOpenBeneath(name);
            if (inner is not null)
            {
                DurableFile.ClearLeft(inner);
            }
        }
    }

    /// <summary>As <see cref="Clear"/> for a user's own directory, where others may have something of the name: what cannot be removed stays.</summary>
    public static void ClearQuietly(DirectoryHandle directory)
    {
        try
        {
            DurableFile.ClearLeft(directory, isAlone: false);
        }
        catch (SystemCallException)
        {
            // Whoever is here wants to write a file, and will be told when that cannot be done.
        }
    }
}

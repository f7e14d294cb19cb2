using System.Globalization;
using System.Security.Cryptography;

namespace Pm.Bench;

/// <summary>Blocks of files, in bytes, as <c>stat</c> counts them.</summary>
static class DiskUsage
{
    const int BlockSize = 512;

    /// <summary>All files below the directories, one with several names once.</summary>
    internal static long Of(IEnumerable<string> directories)
    {
        string[] paths = [.. directories];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return PeerProgram.Run("find", [.. paths, "!", "-type", "d", "-printf", "%i %b\n"])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(seen.Add)
            .Sum(line => long.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture) * BlockSize);
    }

    /// <summary>One file a content, whatever the names.</summary>
    internal static long OfDistinct(IEnumerable<string> directories)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return directories.SelectMany(d => PeerProgram.Run("find", d, "-type", "f", "-printf", "%b %p\n")
                .Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(line => line.Split(' ', 2))
            .Where(file => seen.Add(Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(file[1])))))
            .Sum(file => long.Parse(file[0], CultureInfo.InvariantCulture) * BlockSize);
    }
}

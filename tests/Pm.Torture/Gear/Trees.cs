using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Pm.Torture.Gear;

/// <summary>What lies below a directory, as text that can be compared.</summary>
static class Trees
{
    static readonly EnumerationOptions All = new() { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };

    /// <summary>Each path with kind, mode and content.</summary>
    /// <param name="directory">Nothing is there: the empty text.</param>
    /// <param name="counts">Which relative paths.</param>
    /// <param name="hashes">False: what is in a file does not count.</param>
    public static string Content(string directory, Func<string, bool>? counts = null, bool hashes = true)
    {
        var text = new StringBuilder();
        foreach (var path in Paths(directory, counts))
        {
            text.Append(path).Append(' ').Append(Describe(Path.Combine(directory, path), hashes)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>The relative paths, in order.</summary>
    public static IEnumerable<string> Paths(string directory, Func<string, bool>? counts = null) => !Directory.Exists(directory) ? [] :
        Directory.EnumerateFileSystemEntries(directory, "*", All)
            .Select(path => Path.GetRelativePath(directory, path))
            .Where(path => counts?.Invoke(path) ?? true)
            .Order(StringComparer.Ordinal);

    static string Describe(string path, bool hashes)
    {
        var info = new FileInfo(path);
        if (info.LinkTarget is { } target)
        {
            return $"-> {target}";
        }

        var mode = Convert.ToString((int)File.GetUnixFileMode(path), 8);
        return (info.Attributes & FileAttributes.Directory) != 0
            ? $"{mode} directory"
            : !hashes ? mode
            : string.Create(CultureInfo.InvariantCulture, $"{mode} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(path)))[..16]}");
    }
}

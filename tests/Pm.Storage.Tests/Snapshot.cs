using System.Globalization;
using Pm.Linux;

namespace Pm.Storage.Tests;

/// <summary>What a directory holds, as texts that compare.</summary>
static class Snapshot
{
    public static SortedDictionary<string, string> Of(string directory, bool withState = false)
    {
        var tree = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (Directory.Exists(directory))
        {
            Add(tree, new DirectoryInfo(directory), "", withState);
        }
        if (!withState)
        {
            // The directories above pm's own state are there because of it.
            tree.Remove("var/lib");
            if (!tree.Keys.Any(k => k.StartsWith("var/", StringComparison.Ordinal)))
            {
                tree.Remove("var");
            }
        }
        return tree;
    }

    static void Add(SortedDictionary<string, string> tree, DirectoryInfo directory, string prefix, bool withState)
    {
        foreach (var entry in directory.EnumerateFileSystemInfos())
        {
            var path = prefix + entry.Name;
            if (path == Root.StateDirectory && !withState)
            {
                continue;
            }
            var mode = Convert.ToString(FileStatus.OfLink(entry.FullName)!.Value.Mode, 8).PadLeft(4, '0');
            switch (entry)
            {
                case { LinkTarget: { } target }:
                    tree.Add(path, "→" + target);
                    break;
                case DirectoryInfo inner:
                    tree.Add(path, string.Create(CultureInfo.InvariantCulture, $"d {mode}"));
                    Add(tree, inner, path + "/", withState);
                    break;
                default:
                    tree.Add(path, $"f {mode} {File.ReadAllText(entry.FullName)}");
                    break;
            }
        }
    }
}

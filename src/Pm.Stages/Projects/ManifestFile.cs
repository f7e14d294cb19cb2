using System.Text;
using System.Text.RegularExpressions;
using Pm.Packages;
using Pm.Packages.Manifests;

namespace Pm.Stages.Projects;

/// <summary>Where the manifest of a directory is, and how it is read.</summary>
public static partial class ManifestFile
{
    /// <summary>The names of a manifest, first first; <c>config.json</c> is one only when it has a package or modules in it.</summary>
    public static readonly string[] Names = ["pm.toml", "ebpm.toml", "ebpm.json", "config.json"];

    /// <summary>The path of the manifest of a directory; null: it has none.</summary>
    public static string? Find(string directory) => Names
        .Select(name => Path.Join(directory, name))
        .FirstOrDefault(path => File.Exists(path) && (Path.GetFileName(path) != "config.json" || IsManifest(path)));

    /// <summary>Reads the manifest of a directory; null: it has none.</summary>
    /// <param name="directory">Absolute.</param>
    /// <param name="shown">The directory as messages call it; "" for the working directory.</param>
    /// <exception cref="PackageFormatException">PM2101–PM2111: it cannot be read.</exception>
    public static Manifest? TryRead(string directory, string shown) =>
        Find(directory) is { } path ? Read(path, shown.Length == 0 ? Path.GetFileName(path) : Path.Join(shown, Path.GetFileName(path))) : null;

    static Manifest Read(string path, string name)
    {
        var bytes = Bytes(path, name);
        return path.EndsWith(".json", StringComparison.Ordinal) ? Manifest.ParseJson(bytes, name) : Manifest.Parse(bytes, name);
    }

    /// <summary>It may be a stranger's: no more than the limit is read.</summary>
    static byte[] Bytes(string path, string name)
    {
        using var file = File.OpenRead(path);
        return file.Length <= Manifest.MaximumSize
            ? LimitedBytes(file)
            : throw new PackageFormatException("PM2110", $"it has {file.Length} bytes, at most {Manifest.MaximumSize} are read", name);
    }

    static byte[] LimitedBytes(FileStream file)
    {
        var bytes = new byte[file.Length];
        var count = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        return bytes[..count];
    }

    static bool IsMeant(string path)
    {
        using var file = File.OpenRead(path);
        return file.Length <= Manifest.MaximumSize && Begin().IsMatch(Encoding.UTF8.GetString(LimitedBytes(file)));
    }

    /// <summary>Others' files have members of these names, and something else in them.</summary>
    [GeneratedRegex("\"module\"\\s*:\\s*\\[\\s*\\{\\s*\"(?:name|path|source|version)\"|\"package\"\\s*:\\s*\\{\\s*\"(?:name|version)\"", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Begin();

    /// <summary>Many programs have a file of that name.</summary>
    static bool IsManifest(string path)
    {
        try
        {
            return Read(path, path) is { } manifest && (manifest.Package is not null || !manifest.Modules.IsEmpty || !manifest.Dependencies.IsEmpty);
        }
        catch (PackageFormatException)
        {
            // One that is wrong is to be called so: who reads it says where.
            return IsMeant(path);
        }
    }
}

namespace Pm.Repositories.Tests;

/// <summary>A directory of one test.</summary>
sealed class TemporaryDirectory : IDisposable
{
    /// <summary>In memory where that is possible: thousands of syncs to a disk take minutes and prove nothing more.</summary>
    const string Memory = "/dev/shm";

    public TemporaryDirectory()
    {
        Path = Directory.Exists(Memory)
            ? Directory.CreateDirectory($"{Memory}/pm-test-{Guid.NewGuid():N}").FullName
            : Directory.CreateTempSubdirectory("pm-test-").FullName;
    }

    public string Path { get; }

    public string this[string name] => System.IO.Path.Join(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);

    /// <summary>Relative path → content of every file, so that two states can be compared.</summary>
    public static SortedDictionary<string, string> Snapshot(string path) => new(
        Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories)
            .ToDictionary(file => System.IO.Path.GetRelativePath(path, file), file => Convert.ToHexString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);

    public static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to, File.GetUnixFileMode(from));
        foreach (var directory in Directory.EnumerateDirectories(from, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(directory.Replace(from, to, StringComparison.Ordinal), File.GetUnixFileMode(directory));
        }

        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            File.Copy(file, file.Replace(from, to, StringComparison.Ordinal));
        }
    }
}

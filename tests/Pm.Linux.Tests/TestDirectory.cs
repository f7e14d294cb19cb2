using System.Globalization;

namespace Pm.Linux.Tests;

/// <summary>A directory on a real file system (not tmpfs), removed at the end.</summary>
sealed class TestDirectory : IDisposable
{
    static int _counter;

    public TestDirectory()
    {
        Path = System.IO.Path.Combine(
            AppContext.BaseDirectory, "tmp",
            string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Interlocked.Increment(ref _counter)}"));
        Directory.CreateDirectory(Path);
        Handle = DirectoryHandle.Open(Path);
    }

    public string Path { get; }

    public DirectoryHandle Handle { get; }

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(this[name])!);
        File.WriteAllText(this[name], content);
        return this[name];
    }

    public void Dispose()
    {
        Handle.Dispose();
        // Not Directory.Delete: it stops at directories that a test closed.
        using var parent = DirectoryHandle.Open(System.IO.Path.GetDirectoryName(Path)!);
        parent.RemoveTree(System.IO.Path.GetFileName(Path));
    }
}

using System.Diagnostics;

namespace Pm.Cli.Tests.Hostile;

/// <summary>A repository in a directory, and what somebody who can write there makes of its files.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="Elsewhere">A file outside of it.</param>
sealed record ServedDirectory(string Path, string Elsewhere)
{
    /// <summary>Makes it exactly these files.</summary>
    public void Write(IReadOnlyDictionary<string, byte[]> files)
    {
        if (Directory.Exists(Path))
        {
            Directory.Delete(Path, recursive: true);
        }

        foreach (var (name, bytes) in files)
        {
            var path = System.IO.Path.Join(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
        }
    }

    /// <summary>Does something to each file that is told of.</summary>
    public void Change(Func<string, bool> about, Action<string> change)
    {
        foreach (var file in Directory.GetFiles(Path, "*", SearchOption.AllDirectories))
        {
            if (about(System.IO.Path.GetRelativePath(Path, file)))
            {
                change(file);
            }
        }
    }

    public static void Cut(string file) => Resize(file, 5);

    public static void Empty(string file) => Resize(file, 0);

    /// <summary>A terabyte of which nothing is on the disk.</summary>
    public static void Swell(string file) => Resize(file, 1L << 40);

    public static void Append(string file) => File.AppendAllText(file, "and more");

    public static void Alter(string file) => File.WriteAllBytes(file, [.. File.ReadAllBytes(file).Select(b => (byte)(b ^ 1))]);

    /// <summary>Whoever opened it would wait for ever.</summary>
    public static void MakePipe(string file)
    {
        File.Delete(file);
        using var process = Process.Start("mkfifo", [file]);
        process.WaitForExit();
    }

    public static void MakeDirectory(string file)
    {
        File.Delete(file);
        Directory.CreateDirectory(file);
    }

    public static void LinkToItself(string file)
    {
        File.Delete(file);
        File.CreateSymbolicLink(file, System.IO.Path.GetFileName(file));
    }

    public static void LinkTo(string file, string target)
    {
        File.Delete(file);
        File.CreateSymbolicLink(file, target);
    }

    /// <summary>The right bytes, but behind a link that leads out of the repository.</summary>
    public void LinkOut(string file)
    {
        Directory.CreateDirectory(Elsewhere);
        var copy = System.IO.Path.Join(Elsewhere, System.IO.Path.GetFileName(file));
        File.Copy(file, copy, overwrite: true);
        LinkTo(file, copy);
    }

    static void Resize(string file, long length)
    {
        using var stream = File.OpenWrite(file);
        stream.SetLength(length);
    }
}

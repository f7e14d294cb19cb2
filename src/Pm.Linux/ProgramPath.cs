using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Looking for programs as a shell does.</summary>
public static partial class ProgramPath
{
    const int CurrentDirectory = -100;
    const int MayExecute = 1;
    const int EffectiveAccess = 0x200;

    /// <summary>
    /// The path of the program <paramref name="name"/>: itself when it has a slash and may be run, else the first that
    /// may be run along <paramref name="searchPath"/>; null when there is none. Relative parts of the search path, which
    /// would run what lies in the working directory, are passed over.
    /// </summary>
    public static string? Find(string name, string? searchPath)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Contains('/', StringComparison.Ordinal)
            ? IsProgram(name) ? name : null
            : (searchPath ?? "").Split(':').Where(d => d.StartsWith('/'))
                .Select(d => Path.Join(d, name)).FirstOrDefault(IsProgram);
    }

    /// <summary>Whether <paramref name="path"/> is a regular file that this user may run.</summary>
    public static bool IsProgram(string path)
    {
        try
        {
            return FileStatus.Of(path) is { IsRegular: true }
                && Access(CurrentDirectory, FileName.Terminated(path), MayExecute, EffectiveAccess) == 0;
        }
        catch (SystemCallException)
        {
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "faccessat", SetLastError = true)]
    private static partial int Access(int directory, ReadOnlySpan<byte> path, int mode, int flags);
}

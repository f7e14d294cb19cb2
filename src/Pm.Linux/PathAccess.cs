using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>What the kernel would allow this process to do with a path. An answer may be old by the time it is used.</summary>
public static partial class PathAccess
{
    const int CurrentDirectory = -100;   // AT_FDCWD
    const int WriteAndSearch = 0x2 | 0x1; // W_OK | X_OK
    const int Read = 0x4;                // R_OK
    const int ReadAndRun = 0x4 | 0x1;    // R_OK | X_OK
    const int Effective = 0x200;         // AT_EACCESS

    /// <summary>Whether names can be made and removed in the directory. Source: faccessat(2).</summary>
    public static bool CanWriteDirectory(string path) => Access(CurrentDirectory, path, WriteAndSearch, Effective) == 0;

    /// <summary>Whether the file can be read.</summary>
    public static bool CanRead(string path) => Access(CurrentDirectory, path, Read, Effective) == 0;

    /// <summary>Whether the file can be read and run.</summary>
    public static bool CanRun(string path) => Access(CurrentDirectory, path, ReadAndRun, Effective) == 0;

    [LibraryImport("libc", EntryPoint = "faccessat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(int directory, string path, int mode, int flags);
}

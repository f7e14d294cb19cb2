using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// Writes the calls through <see cref="WriteDoor"/> to a file, a line <c>NUMBER CALL PATH</c> each, before they are made:
/// the last line of a process that was ended is the call it did not make. Its numbers start with 1, so a fault that is
/// installed right after it strikes the call of that number. For <c>PM_TRACE_WRITES</c>.
/// </summary>
public sealed partial class WriteTraceFile : IDisposable
{
    const int Mode = 0x180; // 0600

    readonly SafeFileHandle _file;
    readonly long _before;

    WriteTraceFile(SafeFileHandle file)
    {
        _file = file;
        _before = WriteDoor.Count;
    }

    /// <summary>Installs itself; lines are added to what is in the file.</summary>
    /// <exception cref="SystemCallException">The file cannot be opened.</exception>
    public static WriteTraceFile Install(string path)
    {
        var parent = Path.GetDirectoryName(path);
        using var directory = DirectoryHandle.Open(string.IsNullOrEmpty(parent) ? "." : parent);
        var trace = new WriteTraceFile(directory.OpenAppend(Path.GetFileName(path), Mode));
        WriteDoor.Trace = trace.Add;
        return trace;
    }

    public void Dispose()
    {
        WriteDoor.Trace = null;
        _file.Dispose();
    }

    // Not through the door: it would trace itself. One write a line, so that threads do not mix theirs.
    void Add(long number, string call, string path)
    {
        var line = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $"{number - _before} {call} {path.ReplaceLineEndings("?")}\n"));
        _ = Write(_file, line, line.Length);
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> data, nint size);
}

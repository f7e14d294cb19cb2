using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Pm.Linux;

/// <summary>What can be seen of other processes. Source: kill(2), proc_pid_cmdline(5).</summary>
public static partial class ProcessProbe
{
    const int MaximumCommandLine = 1024;

    /// <summary>Whether there is a process of that number now, another user's too.</summary>
    public static bool IsAlive(int pid) =>
        pid > 0 && (Kill(pid, 0) == 0 || Marshal.GetLastPInvokeError() == Errno.EPERM);

    /// <summary>Its command line with blanks between the words, cut at 1024 bytes; null when it cannot be seen.</summary>
    public static string? CommandLine(int pid)
    {
        try
        {
            using var file = File.OpenHandle(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/cmdline"));
            Span<byte> bytes = stackalloc byte[MaximumCommandLine];
            var length = RandomAccess.Read(file, bytes, 0);
            var text = Encoding.UTF8.GetString(bytes[..length]).TrimEnd('\0');
            return text.Length == 0 ? null : string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Whether it was told to stop (SIGSTOP, ^Z) and not yet to go on, or is looked into by a debugger.</summary>
    public static bool IsStopped(int pid) =>
        Lines(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")) is [var line, ..]
        && line.AsSpan(line.LastIndexOf(')') + 1).TrimStart() is ['T' or 't', ' ', ..];

    /// <summary>The lines of a file in /proc; none when it cannot be read.</summary>
    internal static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int pid, int signal);
}

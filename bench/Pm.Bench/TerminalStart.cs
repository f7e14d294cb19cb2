using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Pm.Bench;

/// <summary>Starts a program on a terminal of its own, as a person does, and waits for what it says first. Source: pty(7).</summary>
static partial class TerminalStart
{
    const int ReadAndWrite = 2;

    /// <summary>Time from the start to where the program has written a certain word, in milliseconds; then it is ended.</summary>
    /// <exception cref="InvalidOperationException">It ended before.</exception>
    internal static double Until(string word, params ReadOnlySpan<string> command)
    {
        using var terminal = new SafeFileHandle(OpenTerminal(ReadAndWrite), ownsHandle: true);
        var name = new byte[64];
        if (Grant(terminal) != 0 || Unlock(terminal) != 0 || Name(terminal, name, (nuint)name.Length) != 0)
        {
            throw new InvalidOperationException("there is no terminal to be had");
        }

        var device = Encoding.ASCII.GetString(name, 0, Array.IndexOf(name, (byte)0));
        var begin = Stopwatch.GetTimestamp();
        var process = SpawnedProcess.StartOn(device, command);
        var said = WaitFor(terminal, word);
        var time = Stopwatch.GetElapsedTime(begin).TotalMilliseconds;
        SpawnedProcess.Kill(process);
        return said is null ? time : throw new InvalidOperationException($"{string.Join(' ', command)}: {said}");
    }

    /// <returns>All that it said where the word did not come; null: it came.</returns>
    static string? WaitFor(SafeFileHandle terminal, string word)
    {
        var buffer = new byte[4096];
        var all = "";
        while (!all.Contains(word, StringComparison.Ordinal))
        {
            // Its end is an error when the last who has the terminal open is gone.
            var count = Read(terminal, buffer, (nuint)buffer.Length);
            if (count <= 0)
            {
                return all;
            }

            all += Encoding.UTF8.GetString(buffer, 0, (int)count);
        }

        return null;
    }

    [LibraryImport("libc", EntryPoint = "posix_openpt")]
    private static partial nint OpenTerminal(int flags);

    [LibraryImport("libc", EntryPoint = "grantpt")]
    private static partial int Grant(SafeFileHandle terminal);

    [LibraryImport("libc", EntryPoint = "unlockpt")]
    private static partial int Unlock(SafeFileHandle terminal);

    [LibraryImport("libc", EntryPoint = "ptsname_r")]
    private static partial int Name(SafeFileHandle terminal, [Out] byte[] name, nuint size);

    [LibraryImport("libc", EntryPoint = "read")]
    private static partial nint Read(SafeFileHandle terminal, [Out] byte[] buffer, nuint size);
}

using System.Runtime.InteropServices;

namespace Pm.Bench;

/// <summary>Starts a program and waits for it with as little around it as there can be: posix_spawn(3), waitpid(2).</summary>
static partial class SpawnedProcess
{
    const int FileActionsSize = 256; // 80 in glibc
    const int StandardOutput = 1;
    const int StandardError = 2;
    const int WriteOnly = 1;

    /// <summary>Runs <paramref name="command"/> with its output thrown away.</summary>
    /// <exception cref="InvalidOperationException">It could not be started, or did not end with 0.</exception>
    internal static void Run(params ReadOnlySpan<string> command)
    {
        if (RunToEnd(command) is var status and not 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)}: ended with {status}");
        }
    }

    /// <summary>As <see cref="Run"/>, for who knows what its status means; what it complains of is thrown away, too.</summary>
    /// <param name="command">The path of the program, and its arguments; before it, as in a shell, variables as <c>NAME=value</c>: they are all of its environment.</param>
    /// <returns>As <c>$?</c> in a shell.</returns>
    /// <exception cref="InvalidOperationException">It could not be started, or was ended by a signal.</exception>
    internal static unsafe int RunToEnd(params ReadOnlySpan<string> command)
    {
        var variables = 0;
        while (command[variables].AsSpan().IndexOfAny('=', '/') is var at and > 0 && command[variables][at] == '=')
        {
            variables++;
        }

        // One array serves for both: the environment, its end, the arguments, theirs.
        var actions = stackalloc byte[FileActionsSize];
        var environment = stackalloc byte*[command.Length + 2];
        var arguments = environment + variables + 1;
        environment[variables] = null;
        arguments[command.Length - variables] = null;
        for (var i = 0; i < command.Length; i++)
        {
            environment[i < variables ? i : i + 1] = (byte*)Marshal.StringToCoTaskMemUTF8(command[i]);
        }

        _ = InitializeActions(actions);
        _ = AddOpen(actions, StandardOutput, "/dev/null", WriteOnly, 0);
        _ = AddOpen(actions, StandardError, "/dev/null", WriteOnly, 0);
        var error = Spawn(out var pid, arguments[0], actions, null, arguments, environment);
        var status = 0;
        var isDone = error == 0 && Wait(pid, out status, 0) == pid;
        _ = DestroyActions(actions);
        for (var i = 0; i < command.Length; i++)
        {
            Marshal.FreeCoTaskMem((nint)environment[i < variables ? i : i + 1]);
        }

        return isDone && (status & 0x7f) == 0
            ? status >> 8
            : throw new InvalidOperationException($"{string.Join(' ', command)}: posix_spawn {error}, status {status}");
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static unsafe partial int Spawn(out int pid, byte* path, byte* actions, byte* attributes, byte** arguments, byte** environment);

    [LibraryImport("libc", EntryPoint = "waitpid")]
    private static partial int Wait(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static unsafe partial int InitializeActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static unsafe partial int DestroyActions(byte* actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int AddOpen(byte* actions, int descriptor, string path, int flags, uint mode);
}

using System.Runtime.InteropServices;

namespace Pm.Bench;

/// <summary>Starts a program and waits for it with as little around it as there can be: posix_spawn(3), waitpid(2).</summary>
static partial class SpawnedProcess
{
    const int FileActionsSize = 256; // 80 in glibc
    const int StandardInput = 0;
    const int StandardOutput = 1;
    const int StandardError = 2;
    const int WriteOnly = 1;
    const int ReadAndWrite = 2;

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
    internal static int RunToEnd(params ReadOnlySpan<string> command)
    {
        var process = Start(command, [(StandardOutput, "/dev/null"), (StandardError, "/dev/null")], WriteOnly);
        return Wait(process, out var status, 0) == process && (status & 0x7f) == 0
            ? status >> 8
            : throw new InvalidOperationException($"{string.Join(' ', command)}: status {status}");
    }

    /// <summary>Starts a program whose input, output and errors are a terminal.</summary>
    /// <param name="terminal">The path of its device.</param>
    /// <param name="command">As of <see cref="RunToEnd"/>.</param>
    /// <returns>The number of the process, for <see cref="Kill"/>.</returns>
    /// <exception cref="InvalidOperationException">It could not be started.</exception>
    internal static int StartOn(string terminal, params ReadOnlySpan<string> command) => Start(command, [(StandardInput, terminal), (StandardOutput, terminal), (StandardError, terminal)], ReadAndWrite);

    /// <summary>Ends a process that was started here, and waits for that.</summary>
    internal static void Kill(int process)
    {
        _ = Signal(process, 9);
        _ = Wait(process, out _, 0);
    }

    static unsafe int Start(ReadOnlySpan<string> command, ReadOnlySpan<(int Descriptor, string Path)> files, int flags)
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
        foreach (var (descriptor, path) in files)
        {
            _ = AddOpen(actions, descriptor, path, flags, 0);
        }

        var error = Spawn(out var process, arguments[0], actions, null, arguments, environment);
        _ = DestroyActions(actions);
        for (var i = 0; i < command.Length; i++)
        {
            Marshal.FreeCoTaskMem((nint)environment[i < variables ? i : i + 1]);
        }

        return error == 0 ? process : throw new InvalidOperationException($"{string.Join(' ', command)}: posix_spawn {error}");
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Signal(int process, int signal);

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

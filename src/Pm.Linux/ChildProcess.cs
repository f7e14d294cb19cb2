using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Runs other programs and waits for them.</summary>
public static partial class ChildProcess
{
    const int PipeSignal = 13;
    const nint Ignored = 1;

    /// <summary>Runs a program to its end, feeding it and keeping what it writes.</summary>
    /// <exception cref="SystemCallException">
    /// It could not be started; ENOENT names what is missing: the program, its interpreter or the working directory.
    /// </exception>
    /// <exception cref="OperationCanceledException">It was ended because of <paramref name="cancellation"/>.</exception>
    public static ChildResult Run(ChildOptions options, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(options);
        cancellation.ThrowIfCancellationRequested();
        // The runtime does this too; but a child that stops reading must not end pm where it does not.
        _ = Signal(PipeSignal, Ignored);
        var program = ProgramOf(options);
        if (options.Confinement is null && (options.FileSizeLimit ?? options.MemoryLimit) is not null)
        {
            (options, program) = (ShellLimits.Apply(options, program), ShellLimits.Shell);
        }

        var feeds = !options.InheritsInput && (options.InputStream is not null || !options.Input.IsEmpty);
        using var input = feeds ? Pipe.ToChild() : null;
        using var output = options.InheritsOutput || options.OutputFile is not null ? null : Pipe.FromChild();
        using var error = options.InheritsError || options.OutputFile is not null ? null : Pipe.FromChild();
        using var watch = options.EndsWithParent && !options.InheritsInput ? GroupWatch.Start() : null;
        var pid = Start(options, program, [input?.Child, output?.Child ?? options.OutputFile, error?.Child ?? options.OutputFile], watch?.Group ?? 0);
        input?.Child.Dispose();
        output?.Child.Dispose();
        error?.Child.Dispose();
        // To the byte; the shell counts in blocks, and what it starts has the limits from it.
        SetLimit(pid, FileSize, options.FileSizeLimit);
        SetLimit(pid, AddressSpace, options.MemoryLimit);
        options.Started?.Invoke(pid);
        return new ChildConversation(options, pid, watch?.Group ?? pid, input, output, error).Hold(cancellation);
    }

    static string ProgramOf(ChildOptions options) =>
        options.FileName.Contains('/', StringComparison.Ordinal)
            ? options.FileName
            : ProgramPath.Find(options.FileName, options.SearchPath)
                ?? throw new SystemCallException(
                    "spawn", Errno.ENOENT, options.FileName, $"no such program in {options.SearchPath ?? "no search path"}");

    static int Start(ChildOptions options, string program, Microsoft.Win32.SafeHandles.SafeFileHandle?[] standard, int group)
    {
        try
        {
            return options.Confinement is { } confinement
                ? StartConfined(confinement, () => SpawnCall.Start(options, program, standard, group))
                : SpawnCall.Start(options, program, standard, group);
        }
        catch (SystemCallException e) when (e.Errno is Errno.ENOENT or Errno.ENOTDIR or Errno.EACCES)
        {
            // The kernel says the same for three different files.
            if (options.WorkingDirectory is { } directory && FileStatus.Of(directory) is not { IsDirectory: true })
            {
                throw new SystemCallException("chdir", Errno.ENOENT, directory);
            }
            var path = Path.Combine(options.WorkingDirectory ?? "", program);
            throw e.Errno == Errno.ENOENT && FileStatus.Of(path) is not null
                ? new SystemCallException("spawn", e.Errno, path, "the interpreter it asks for is missing")
                : e;
        }
    }

    static int StartConfined(Confinement confinement, Func<int> start)
    {
        var pid = ConfinedChildren.Start(() => ConfinedThread.Run(confinement, start));
        // Between its start and this it can have taken little; what it has counts, and its own children inherit the limit.
        SetLimit(pid, AddressSpace, confinement.MemoryLimit);
        return pid;
    }

    static void SetLimit(int pid, int resource, long? limit)
    {
        if (limit is { } most)
        {
            _ = LimitOf(pid, resource, [(ulong)most, (ulong)most], 0);
        }
    }

    const int AddressSpace = 9; // RLIMIT_AS
    const int FileSize = 1; // RLIMIT_FSIZE

    [LibraryImport("libc", EntryPoint = "prlimit")]
    private static partial int LimitOf(int process, int resource, ReadOnlySpan<ulong> limits, nint old);

    [LibraryImport("libc", EntryPoint = "signal")]
    private static partial nint Signal(int signal, nint handler);
}

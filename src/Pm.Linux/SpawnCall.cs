using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// posix_spawn(3): the child never runs managed code. It starts with no signal blocked or ignored and with no descriptor
/// but 0 to 2.
/// </summary>
static partial class SpawnCall
{
    const short Group = 2;
    const short DefaultSignals = 4;
    const short SignalMask = 8;
    const int SignalSetSize = 128;

    // More than glibc (80 and 336 bytes) and musl need.
    const int OpaqueSize = 512;

    /// <param name="program">A path; relative to the working directory given.</param>
    /// <param name="standard">What becomes 0, 1 and 2; null: /dev/null for input, this process's own for output.</param>
    /// <param name="group">The process group that it joins; 0: one of its own.</param>
    /// <returns>The process id.</returns>
    public static int Start(ChildOptions options, string program, SafeFileHandle?[] standard, int group = 0)
    {
        using var arguments = NativeStrings.OfArguments(options.ArgumentZero ?? options.FileName, options.Arguments);
        using var environment = NativeStrings.OfEnvironment(options.Environment);
        Span<byte> attributes = stackalloc byte[OpaqueSize];
        Span<byte> actions = stackalloc byte[OpaqueSize];
        Check(InitializeAttributes(attributes), program);
        Check(InitializeActions(actions), program);
        try
        {
            SetAttributes(attributes, group: options.InheritsInput ? null : group);
            AddActions(actions, options, standard);
            Check(Spawn(out var pid, FileName.Terminated(program), actions, attributes, arguments.Pointer, environment.Pointer),
                program);
            return pid;
        }
        finally
        {
            DestroyActions(actions);
            DestroyAttributes(attributes);
        }
    }

    static void SetAttributes(Span<byte> attributes, int? group)
    {
        Span<byte> none = stackalloc byte[SignalSetSize];
        Span<byte> all = stackalloc byte[SignalSetSize];
        none.Clear();
        // Not sigfillset(3): it leaves out two signals of glibc's own, and the child would start with one ignored.
        all.Fill(0xff);
        // A child that reads from the terminal must stay in the group that the terminal listens to.
        Check(SetFlags(attributes, (short)(DefaultSignals | SignalMask | (group is null ? 0 : Group))), null);
        Check(SetGroup(attributes, group ?? 0), null);
        Check(SetMask(attributes, none), null);
        Check(SetDefault(attributes, all), null);
    }

    static void AddActions(Span<byte> actions, ChildOptions options, SafeFileHandle?[] standard)
    {
        for (var target = 0; target < standard.Length; target++)
        {
            if (standard[target] is { } file)
            {
                Check(AddDuplicate(actions, file, target), null);
            }
        }
        if (standard[0] is null && !options.InheritsInput)
        {
            Check(AddOpen(actions, 0, "/dev/null\0"u8, OpenFlags.ReadOnly, 0), null);
        }
        if (options.WorkingDirectory is { } directory)
        {
            Check(AddChangeDirectory(actions, FileName.Terminated(directory)), null);
        }
        try
        {
            Check(AddCloseFrom(actions, standard.Length), null);
        }
        catch (EntryPointNotFoundException)
        {
            // Before glibc 2.34, and musl: everything pm opens closes on exec anyway; what pm was started with does not.
        }
    }

    static void Check(int errno, string? program)
    {
        if (errno != 0)
        {
            throw new SystemCallException("spawn", errno, program);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_spawn")]
    private static partial int Spawn(
        out int pid, ReadOnlySpan<byte> path, ReadOnlySpan<byte> actions, ReadOnlySpan<byte> attributes, nint arguments,
        nint environment);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_init")]
    private static partial int InitializeAttributes(Span<byte> attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_destroy")]
    private static partial int DestroyAttributes(Span<byte> attributes);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setflags")]
    private static partial int SetFlags(Span<byte> attributes, short flags);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setpgroup")]
    private static partial int SetGroup(Span<byte> attributes, int group);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigmask")]
    private static partial int SetMask(Span<byte> attributes, ReadOnlySpan<byte> set);

    [LibraryImport("libc", EntryPoint = "posix_spawnattr_setsigdefault")]
    private static partial int SetDefault(Span<byte> attributes, ReadOnlySpan<byte> set);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_init")]
    private static partial int InitializeActions(Span<byte> actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_destroy")]
    private static partial int DestroyActions(Span<byte> actions);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_adddup2")]
    private static partial int AddDuplicate(Span<byte> actions, SafeFileHandle file, int target);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addopen")]
    private static partial int AddOpen(Span<byte> actions, int target, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addchdir_np")]
    private static partial int AddChangeDirectory(Span<byte> actions, ReadOnlySpan<byte> path);

    [LibraryImport("libc", EntryPoint = "posix_spawn_file_actions_addclosefrom_np")]
    private static partial int AddCloseFrom(Span<byte> actions, int first);
}

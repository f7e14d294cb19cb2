using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// The first of a process group, which ends all of it when this process is gone, whatever ended that: a shell that waits for the end of a pipe of which this process alone has the other one.
/// </summary>
/// <remarks>
/// Not PR_SET_PDEATHSIG (prctl(2)): a program asks for that itself, and compilers do not; it goes by the thread that started a child, and that of a confined one has ended by then; and what the
/// child starts is not told.
/// </remarks>
sealed partial class GroupWatch : IDisposable
{
    const int End = 9;

    // The whole group is asked to end (SIGTERM) before it is ended: until then this has to be there.
    const string Script = "trap '' HUP INT QUIT TERM; read -r end; kill -9 0";

    readonly Pipe _pipe;

    GroupWatch(Pipe pipe, int group) => (_pipe, Group) = (pipe, group);

    /// <summary>Until this is disposed of, the number is the group's own.</summary>
    public int Group { get; }

    /// <exception cref="SystemCallException">It could not be started.</exception>
    public static GroupWatch Start()
    {
        var pipe = Pipe.ToChild();
        try
        {
            var group = SpawnCall.Start(new ChildOptions { FileName = ShellLimits.Shell, Arguments = ["-c", Script] }, ShellLimits.Shell, [pipe.Child, null, null]);
            pipe.Child.Dispose();
            return new GroupWatch(pipe, group);
        }
        catch
        {
            pipe.Dispose();
            throw;
        }
    }

    /// <summary>Ends the shell alone, and before the pipe: what is left of the group goes on.</summary>
    public void Dispose()
    {
        _ = Kill(Group, End);
        while (Wait(Group, out _, 0) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
        }

        _pipe.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int Wait(int pid, out int status, int options);
}

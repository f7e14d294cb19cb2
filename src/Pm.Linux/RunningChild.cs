using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// A program that runs beside this one, in a process group of its own, and is heard through pipes that never block: for a loop over
/// <see cref="DescriptorWait"/> that has several. It reads nothing (/dev/null).
/// </summary>
/// <remarks>Started on a thread that lasts: a child that asked to end with its parent ends with the thread that started it. Source: prctl(2), PR_SET_PDEATHSIG.</remarks>
public sealed partial class RunningChild : IDisposable
{
    /// <summary>The descriptor that a child finds its end of <see cref="Report"/> at.</summary>
    public const int ReportDescriptor = 3;

    /// <summary>^C. Source: signal(7).</summary>
    public const int Interrupt = 2;

    /// <summary>What no program can refuse.</summary>
    public const int Kill = 9;

    readonly ProcessDescriptor _process;
    bool _isReaped;

    RunningChild(int id, ProcessDescriptor process, Pipe output, Pipe error, Pipe report) =>
        (Id, _process, Output, Error, Report) = (id, process, output, error, report);

    /// <summary>Its process, and its process group.</summary>
    public int Id { get; }

    /// <summary>What becomes readable when it has ended.</summary>
    public int Descriptor => (int)_process.DangerousGetHandle();

    public Pipe Output { get; }

    public Pipe Error { get; }

    /// <summary>What it writes to <see cref="ReportDescriptor"/>.</summary>
    public Pipe Report { get; }

    /// <summary>Starts it.</summary>
    /// <param name="options">Of which the program, its arguments, environment and working directory count.</param>
    /// <exception cref="SystemCallException">It could not be started.</exception>
    public static RunningChild Start(ChildOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Pipe[] pipes = [];
        try
        {
            pipes = [Pipe.FromChild(), .. pipes];
            pipes = [Pipe.FromChild(), .. pipes];
            pipes = [Pipe.FromChild(), .. pipes];
            var id = SpawnCall.Start(options, options.FileName, [null, pipes[0].Child, pipes[1].Child, pipes[2].Child]);
            try
            {
                var child = new RunningChild(id, ProcessDescriptor.Open(id), pipes[0], pipes[1], pipes[2]);
                Array.ForEach(pipes, p => p.Child.Dispose());
                return child;
            }
            catch
            {
                _ = SendSignal(-id, Kill);
                _ = Wait(id, out _, 0);
                throw;
            }
        }
        catch
        {
            Array.ForEach(pipes, p => p.Dispose());
            throw;
        }
    }

    /// <summary>Sends a signal to it and to all in its process group. Until it is reaped its number is its own.</summary>
    public void Send(int signal)
    {
        if (!_isReaped)
        {
            _ = SendSignal(-Id, signal);
        }
    }

    /// <summary>Waits for its end and ends what it leaves in its process group.</summary>
    /// <returns>As a shell would tell it: the exit code, or 128 plus the signal.</returns>
    public int Reap()
    {
        Span<byte> information = stackalloc byte[128];
        while (WaitWithoutReaping(1 /* P_PID */, Id, information, 4 | 0x1000000 /* WEXITED | WNOWAIT */) < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR)
        {
        }

        Send(Kill);
        int status;
        while (Wait(Id, out status, 0) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw SystemCallException.Last("wait");
            }
        }

        _isReaped = true;
        return (status & 0x7f) == 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
    }

    /// <summary>Ends it, if nobody waited for its end.</summary>
    public void Dispose()
    {
        if (!_isReaped)
        {
            Send(Kill);
            _ = Reap();
        }

        _process.Dispose();
        Output.Dispose();
        Error.Dispose();
        Report.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int pid, int signal);

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int Wait(int pid, out int status, int options);

    [LibraryImport("libc", EntryPoint = "waitid", SetLastError = true)]
    private static partial int WaitWithoutReaping(int kind, int id, Span<byte> information, int options);
}

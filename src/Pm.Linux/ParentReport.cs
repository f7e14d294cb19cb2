using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>A pipe to the program that started this one, on which it is told how things stand; a program that takes this one's place has it no more.</summary>
public sealed partial class ParentReport : IDisposable
{
    const int SetDescriptorFlags = 2; // F_SETFD
    const int CloseOnExec = 1; // FD_CLOEXEC
    const int DeathSignal = 1; // PR_SET_PDEATHSIG
    const int Terminate = 15;
    const short Broken = 8; // POLLERR: nobody reads

    readonly SafeFileHandle _pipe;

    ParentReport(SafeFileHandle pipe) => _pipe = pipe;

    /// <summary>Takes the descriptor, if it is the end of a pipe: nothing is written into what happens to have its number.</summary>
    public static ParentReport? TryTake(int descriptor)
    {
        if (descriptor <= 2 || Control(descriptor, SetDescriptorFlags, CloseOnExec) != 0)
        {
            return null;
        }

        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        if (OpenFile.Status(file).Kind is FileKind.Fifo)
        {
            return new ParentReport(file);
        }

        file.SetHandleAsInvalid();
        return null;
    }

    /// <summary>Whether nothing more is written.</summary>
    public bool IsClosed => _pipe.IsClosed;

    /// <summary>This process, and what takes its place, are asked to end (SIGTERM) when the thread that started it ends.</summary>
    /// <returns>False: it has ended already.</returns>
    public bool EndWithParent()
    {
        _ = SetForProcess(DeathSignal, Terminate, 0, 0, 0);
        var entry = new Entry { Descriptor = (int)_pipe.DangerousGetHandle() };
        return Poll(ref entry, 1, 0) <= 0 || (entry.Happened & Broken) == 0;
    }

    /// <summary>Writes all of it. Where nobody reads any more, it is lost.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var count = (int)WriteSome(_pipe, bytes, bytes.Length);
            if (count < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                return;
            }

            bytes = bytes[Math.Max(count, 0)..];
        }
    }

    public void Dispose() => _pipe.Dispose();

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(int file, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int SetForProcess(int what, nuint first, nuint second, nuint third, nuint fourth);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(SafeFileHandle file, ReadOnlySpan<byte> data, nint size);

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref Entry entry, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    struct Entry
    {
        public int Descriptor;
        public short Awaited;
        public short Happened;
    }
}

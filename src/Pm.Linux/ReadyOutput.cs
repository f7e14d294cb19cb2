using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Standard output, of which as much is written as there is room for: write(2) itself waits until somebody has taken all of it.</summary>
/// <remarks>It is opened anew, so that nobody who shares it finds it non-blocking; where that is not possible, it is written in parts that surely fit.</remarks>
public sealed partial class ReadyOutput : IDisposable
{
    const int Standard = 1;
    const short Writable = 4; // POLLOUT
    const short Broken = 8 | 16 | 32; // POLLERR | POLLHUP | POLLNVAL

    /// <summary>So much a pipe takes at once when it says that it takes something. Source: PIPE_BUF, pipe(7).</summary>
    const int SureSize = 4096;

    readonly SafeFileHandle? _again;

    /// <summary>A file, or a device as /dev/null: there is always room.</summary>
    readonly bool _neverWaits;

    public ReadyOutput()
    {
        try
        {
            // A file that is opened anew would be written from its begin.
            var kind = StatusCall.Of("/proc/self/fd/1", follow: true)?.Kind;
            var isTerminal = TerminalDevice.IsTerminal(Standard);
            _again = kind is FileKind.Fifo || isTerminal ? OpenFile.TryOpenAgain(Standard) : null;
            _neverWaits = !isTerminal && kind is FileKind.Regular or FileKind.CharacterDevice or FileKind.BlockDevice;
        }
        catch (SystemCallException)
        {
            // It is another user's, or has no reader: then what is written says so.
        }
    }

    /// <summary>Whether nobody can read any more what is written.</summary>
    public static bool IsBroken => (Happened(0, 0) & Broken) != 0;

    /// <summary>Writes what there is room for.</summary>
    /// <returns>Bytes; 0: there is none.</returns>
    /// <exception cref="SystemCallException">write(2) failed; EPIPE when the reader is gone.</exception>
    public unsafe int Write(ReadOnlySpan<byte> bytes)
    {
        var descriptor = _again is null ? Standard : (int)_again.DangerousGetHandle();
        if (_again is null && !_neverWaits)
        {
            if (Happened(Writable, 0) == 0)
            {
                return 0;
            }

            bytes = bytes[..Math.Min(bytes.Length, SureSize)];
        }

        fixed (byte* start = bytes)
        {
            nint count;
            while ((count = Write(descriptor, start, (nuint)bytes.Length)) < 0)
            {
                switch (Marshal.GetLastPInvokeError())
                {
                    case Errno.EINTR:
                        break;
                    case Errno.EAGAIN:
                        return 0;
                    default:
                        throw SystemCallException.Last("write", "standard output");
                }
            }

            return (int)count;
        }
    }

    /// <summary>Waits until there is room, or nobody reads any more.</summary>
    /// <param name="milliseconds">At most.</param>
    public static void Wait(int milliseconds) => _ = Happened(Writable, milliseconds);

    public void Dispose() => _again?.Dispose();

    static short Happened(short events, int milliseconds)
    {
        var poll = new PollDescriptor { Descriptor = Standard, Events = events };
        return Poll(ref poll, 1, milliseconds) > 0 ? poll.Returned : (short)0;
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

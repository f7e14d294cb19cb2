using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>One of the three standard descriptors as an unbuffered stream that never closes it.</summary>
/// <remarks>
/// A <see cref="FileStream"/> over a redirected descriptor keeps its own position (pwrite), so that two programs that
/// share one output file would overwrite each other; read(2) and write(2) use the position they share.
/// </remarks>
public sealed partial class StandardStream : Stream
{
    const short Readable = 0x1;     // POLLIN
    const short Writable = 0x4;     // POLLOUT

    readonly int _descriptor;

    StandardStream(int descriptor) => _descriptor = descriptor;

    public static StandardStream Input { get; } = new(0);

    public static StandardStream Output { get; } = new(1);

    public static StandardStream Error { get; } = new(2);

    public override bool CanRead => _descriptor == 0;

    public override bool CanWrite => _descriptor != 0;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is there, waiting for the first byte; 0 at the end.</summary>
    /// <exception cref="SystemCallException">read(2) failed.</exception>
    public override unsafe int Read(Span<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            nint count;
            while ((count = Read(_descriptor, start, (nuint)buffer.Length)) < 0)
            {
                Retry("read", Readable);
            }

            return (int)count;
        }
    }

    /// <summary>Writes all of <paramref name="buffer"/>.</summary>
    /// <exception cref="SystemCallException">write(2) failed; EPIPE when the reader is gone.</exception>
    public override unsafe void Write(ReadOnlySpan<byte> buffer)
    {
        fixed (byte* start = buffer)
        {
            for (nint done = 0; done < buffer.Length;)
            {
                var count = Write(_descriptor, start + done, (nuint)(buffer.Length - done));
                if (count < 0)
                {
                    Retry("write", Writable);
                    continue;
                }

                done += count;
            }
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    string Name => _descriptor switch { 0 => "standard input", 1 => "standard output", _ => "standard error" };

    /// <summary>Returns when the call may be tried again; throws when its error is a real one.</summary>
    void Retry(string call, short events)
    {
        switch (Marshal.GetLastPInvokeError())
        {
            case Errno.EINTR:
                return;
            case Errno.EAGAIN:
                // Somebody made the descriptor, which other programs share, non-blocking.
                var poll = new PollDescriptor { Descriptor = _descriptor, Events = events };
                _ = Poll(ref poll, 1, -1);
                return;
            default:
                throw SystemCallException.Last(call, Name);
        }
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static unsafe partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static unsafe partial nint Write(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

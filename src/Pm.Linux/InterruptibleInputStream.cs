using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Standard input whose reads end when a token is cancelled: a signal alone does not end a read(2) that waits.</summary>
/// <remarks>Nothing is opened before the first read.</remarks>
public sealed partial class InterruptibleInputStream(CancellationToken cancellation) : Stream
{
    const short Readable = 0x1; // POLLIN

    WakeUp? _wake;
    CancellationTokenRegistration _registration;

    public override bool CanRead => true;

    public override bool CanWrite => false;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>Reads what is there, waiting for the first byte; 0 at the end.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    /// <exception cref="SystemCallException">poll(2) or read(2) failed.</exception>
    public override int Read(Span<byte> buffer)
    {
        cancellation.ThrowIfCancellationRequested();
        if (_wake is null)
        {
            _wake = new WakeUp();
            _registration = cancellation.UnsafeRegister(w => ((WakeUp)w!).Signal(), _wake);
        }

        Span<Awaited> awaited = [new() { Descriptor = 0, Events = Readable }, new() { Descriptor = (int)_wake.Descriptor, Events = Readable }];
        while (Poll(ref awaited[0], (nuint)awaited.Length, -1) < 0)
        {
            if (Marshal.GetLastPInvokeError() != Errno.EINTR)
            {
                throw SystemCallException.Last("poll", "standard input");
            }
        }

        cancellation.ThrowIfCancellationRequested();
        return StandardStream.Input.Read(buffer);
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
        // Nothing is held back.
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _registration.Dispose();
            _wake?.Dispose();
        }

        base.Dispose(disposing);
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(ref Awaited descriptors, nuint count, int timeout);

    [StructLayout(LayoutKind.Sequential)]
    struct Awaited
    {
        public int Descriptor;
        public short Events;
        public short Returned;
    }
}

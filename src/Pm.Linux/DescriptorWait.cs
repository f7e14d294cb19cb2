using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>Waits until one of several descriptors can be read or written, or a token is cancelled. Source: poll(2).</summary>
public sealed partial class DescriptorWait : IDisposable
{
    const short Readable = 1;
    const short Writable = 4;
    const short Broken = 8 | 16 | 32; // POLLERR | POLLHUP | POLLNVAL

    readonly WakeUp _wake = new();
    readonly CancellationTokenRegistration _registration;
    Entry[] _entries = new Entry[16];
    int _count;

    public DescriptorWait(CancellationToken cancellation) => _registration = cancellation.UnsafeRegister(w => ((WakeUp)w!).Signal(), _wake);

    /// <summary>Forgets what was added. The token goes on waking what waits, also when it was cancelled before; leave it out then.</summary>
    public void Begin(bool wakes)
    {
        _count = 0;
        _ = Add(wakes ? (int)_wake.Descriptor : -1, Readable);
    }

    /// <summary>Something that is to be read. Less than 0: nothing.</summary>
    /// <returns>By which <see cref="IsReady"/> finds it.</returns>
    public int Read(int descriptor) => Add(descriptor, Readable);

    /// <summary>Something that is to be written.</summary>
    public int Write(int descriptor) => Add(descriptor, Writable);

    /// <summary>Something of which only its end is of interest.</summary>
    public int End(int descriptor) => Add(descriptor, 0);

    /// <summary>Waits.</summary>
    /// <param name="milliseconds">At most; less than 0: without end.</param>
    public void Wait(int milliseconds)
    {
        if (Poll(_entries, (nuint)_count, milliseconds) < 0 && Marshal.GetLastPInvokeError() != Errno.EINTR)
        {
            throw SystemCallException.Last("poll");
        }
    }

    /// <summary>Whether there is something to do with what <paramref name="place"/> stands for.</summary>
    /// <param name="place">Less than 0: it is not waited for yet.</param>
    public bool IsReady(int place) => place >= 0 && _entries[place] is { Descriptor: >= 0, Happened: not 0 };

    /// <summary>Whether the other end is closed.</summary>
    public bool IsBroken(int place) => _entries[place].Descriptor >= 0 && (_entries[place].Happened & Broken) != 0;

    public void Dispose()
    {
        _registration.Dispose();
        _wake.Dispose();
    }

    int Add(int descriptor, short awaited)
    {
        if (_count == _entries.Length)
        {
            Array.Resize(ref _entries, _count * 2);
        }

        _entries[_count] = new Entry { Descriptor = descriptor, Awaited = awaited };
        return _count++;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Span<Entry> entries, nuint count, int milliseconds);

    /// <summary>struct pollfd.</summary>
    [StructLayout(LayoutKind.Sequential)]
    struct Entry
    {
        public int Descriptor;
        public short Awaited;
        public short Happened;
    }
}

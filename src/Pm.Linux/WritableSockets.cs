using System.Collections.Concurrent;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// Tells when sockets that took nothing can take much again: the kernel calls one writable when a third of its buffer is free.
/// Who tries again at once sends a little at a time, and wakes the other side for each. Source: epoll(7), tcp(7).
/// </summary>
public sealed partial class WritableSockets
{
    const int AddSocket = 1; // EPOLL_CTL_ADD
    const int ChangeSocket = 3; // EPOLL_CTL_MOD
    const int CloseOnExec = 0x80000; // EPOLL_CLOEXEC
    const uint Once = 0x40000004; // EPOLLONESHOT, EPOLLOUT
    const int MostEvents = 64;

    static readonly Lazy<WritableSockets>[] Listeners =
        [.. Enumerable.Range(0, Environment.ProcessorCount).Select(_ => new Lazy<WritableSockets>(() => new WritableSockets()))];

    // struct epoll_event is packed on x86-64 alone.
    static readonly int EventSize = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 12 : 16;

    readonly ConcurrentDictionary<long, TaskCompletionSource> _waiting = [];
    readonly int _epoll;
    long _last;

    WritableSockets()
    {
        _epoll = Create(CloseOnExec);
        if (_epoll < 0)
        {
            throw SystemCallException.Last("epoll_create1");
        }

        new Thread(Listen) { IsBackground = true, Name = "writable sockets" }.Start();
    }

    /// <summary>Waits until <paramref name="socket"/> can take much, or failed, which its next use tells.</summary>
    /// <param name="socket">Of one waiter at a time. When it is closed meanwhile, the time passes.</param>
    /// <param name="most">How long to wait.</param>
    /// <remarks>Who waited goes on on one of the threads that listen, one a processor: it must be brief there.</remarks>
    /// <returns>False: not within <paramref name="most"/>.</returns>
    /// <exception cref="SystemCallException">ENOMEM, EPERM …</exception>
    public static Task<bool> WaitAsync(SafeHandle socket, TimeSpan most)
    {
        ArgumentNullException.ThrowIfNull(socket);
        return Listeners[(int)((uint)socket.DangerousGetHandle() % Listeners.Length)].Value.WaitForAsync(socket, most);
    }

    async Task<bool> WaitForAsync(SafeHandle socket, TimeSpan most)
    {
        var number = Interlocked.Increment(ref _last);
        var done = new TaskCompletionSource();
        _waiting[number] = done;
        try
        {
            Watch(socket, number);
            await done.Task.WaitAsync(most).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return done.Task.IsCompleted;
        }
        finally
        {
            _waiting.TryRemove(number, out _);
        }
    }

    void Watch(SafeHandle socket, long number)
    {
        Span<byte> wanted = stackalloc byte[EventSize];
        wanted.Clear();
        MemoryMarshal.Write(wanted, Once);
        MemoryMarshal.Write(wanted[(EventSize - sizeof(long))..], number);
        if (Control(_epoll, ChangeSocket, socket, wanted) == 0)
        {
            return;
        }

        if (Marshal.GetLastPInvokeError() != Errno.ENOENT || Control(_epoll, AddSocket, socket, wanted) != 0)
        {
            throw SystemCallException.Last("epoll_ctl");
        }
    }

    void Listen()
    {
        var events = new byte[MostEvents * EventSize];
        while (true)
        {
            var count = Wait(_epoll, events, MostEvents, -1);
            for (var i = 0; i < count; i++)
            {
                var number = MemoryMarshal.Read<long>(events.AsSpan(((i + 1) * EventSize) - sizeof(long)));
                if (_waiting.TryRemove(number, out var done))
                {
                    done.TrySetResult();
                }
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, SafeHandle socket, ReadOnlySpan<byte> wanted);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, Span<byte> events, int most, int milliseconds);
}

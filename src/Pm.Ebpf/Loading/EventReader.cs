using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using Pm.Ebpf.Native;
using Pm.Linux;

namespace Pm.Ebpf.Loading;

/// <summary>Reads events out of a ring buffer or a perf buffer, and gives them to a sink.</summary>
sealed unsafe class EventReader : IDisposable
{
    /// <summary>Pages of a perf buffer, for each processor: 256 kB.</summary>
    const int PerfPages = 64;

    /// <summary>Bytes that a ring buffer keeps before each event.</summary>
    const int Head = 8;

    readonly IEventSink _sink;
    readonly bool _isPerf;
    GCHandle _self;
    nint _handle;
    ExceptionDispatchInfo? _failure;

    /// <exception cref="LibBpfException">The map is not loaded, or none of that kind.</exception>
    public EventReader(int map, bool isPerf, IEventSink sink)
    {
        (_sink, _isPerf) = (sink, isPerf);
        Room = isPerf ? PerfPages * Environment.SystemPageSize : MapFacts.Of(map).Entries;
        _self = GCHandle.Alloc(this);
        var context = GCHandle.ToIntPtr(_self);
        _handle = isPerf
            ? LibBpf.perf_buffer__new(map, PerfPages, &PerfSample, &PerfLost, context, 0)
            : LibBpf.ring_buffer__new(map, &RingSample, context, 0);
        if (_handle == 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            _self.Free();
            throw BpfObject.Failed(isPerf ? "perf_buffer__new" : "ring_buffer__new", errno);
        }
    }

    /// <summary>Becomes readable when there are events.</summary>
    public int WaitDescriptor => _isPerf ? LibBpf.perf_buffer__epoll_fd(_handle) : LibBpf.ring_buffer__epoll_fd(_handle);

    /// <summary>Bytes of the buffer; of a perf buffer, of one processor's part.</summary>
    public long Room { get; }

    /// <summary>How many events were taken the last time.</summary>
    public long Taken { get; private set; }

    /// <summary>How many bytes of the buffer they had.</summary>
    public long Used { get; private set; }

    /// <summary>Takes the events that are there, those too that did not wake anybody; no more than the buffer holds, or who makes them faster than they are taken would keep it from ever returning.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public void Drain()
    {
        (Taken, Used) = (0, 0);
        Finish(_isPerf ? LibBpf.perf_buffer__consume(_handle) : LibBpf.ring_buffer__consume(_handle));
    }

    public void Dispose()
    {
        if (_handle == 0)
        {
            return;
        }

        if (_isPerf)
        {
            LibBpf.perf_buffer__free(_handle);
        }
        else
        {
            LibBpf.ring_buffer__free(_handle);
        }

        _handle = 0;
        _self.Free();
    }

    void Finish(int result)
    {
        if (_failure is { } failure)
        {
            _failure = null;
            failure.Throw();
        }

        if (result < 0 && -result is not (Errno.EINTR or Errno.EAGAIN))
        {
            throw BpfObject.Failed(_isPerf ? "perf_buffer__consume" : "ring_buffer__consume", -result);
        }
    }

    static EventReader Of(nint context) => (EventReader)GCHandle.FromIntPtr(context).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int RingSample(nint context, byte* bytes, nuint size) => Of(context).Sample(bytes, size) ? 0 : -Errno.EINTR;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void PerfSample(nint context, int cpu, byte* bytes, uint size) => Of(context).Sample(bytes, size);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static void PerfLost(nint context, int cpu, ulong count) => Of(context)._sink.Lose(count);

    /// <summary>No exception may go through libbpf: it waits for the call to return.</summary>
    /// <returns>Whether to go on; this one is taken all the same.</returns>
    bool Sample(byte* bytes, nuint size)
    {
        if (_failure is not null)
        {
            return false;
        }

        Taken++;
        Used += (long)size + Head;
        try
        {
            _sink.Take(new ReadOnlySpan<byte>(bytes, (int)Math.Min(size, int.MaxValue)));
            return Used < Room;
        }
#pragma warning disable CA1031 // It is thrown again, behind libbpf.
        catch (Exception e)
#pragma warning restore CA1031
        {
            _failure = ExceptionDispatchInfo.Capture(e);
            return false;
        }
    }
}

using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>A clock of the kernel's that runs over so many times a second, on one processor, whatever that does then. Source: perf_event_open(2).</summary>
public static unsafe partial class SamplingClock
{
    /// <summary>No period is shorter than 10 microseconds. Source: perf_swevent_start_hrtimer of Linux.</summary>
    public const int HighestFrequency = 100_000;

    const string MostPath = "/proc/sys/kernel/perf_event_max_sample_rate";

    /// <summary>PERF_ATTR_SIZE_VER0: what every kernel knows.</summary>
    const int AttributesSize = 64;

    const int Software = 1; // PERF_TYPE_SOFTWARE
    const long ProcessorClock = 0; // PERF_COUNT_SW_CPU_CLOCK
    const long Disabled = 1;
    const long IsFrequency = 1 << 10;
    const nint CloseOnExec = 8;
    const nint AllProcesses = -1;
    const nint NoGroup = -1;

    /// <summary>How often a second this kernel samples at most; null where it does not say.</summary>
    public static int? MostOfKernel => File.Exists(MostPath) && int.TryParse(File.ReadAllText(MostPath), out var most) ? most : null;

    /// <summary>One that stands until something is attached to it.</summary>
    /// <param name="processor">Its number.</param>
    /// <param name="frequency">How many times a second.</param>
    /// <returns>Null: that processor is not running.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static SafeFileHandle? TryOpen(int processor, int frequency)
    {
        var attributes = stackalloc byte[AttributesSize];
        var fields = new Span<byte>(attributes, AttributesSize);
        fields.Clear();
        BinaryPrimitives.WriteInt32LittleEndian(fields, Software);
        BinaryPrimitives.WriteInt32LittleEndian(fields[4..], AttributesSize);
        BinaryPrimitives.WriteInt64LittleEndian(fields[8..], ProcessorClock);
        BinaryPrimitives.WriteInt64LittleEndian(fields[16..], frequency);
        BinaryPrimitives.WriteInt64LittleEndian(fields[40..], Disabled | IsFrequency);
        var descriptor = Call(Number, (nint)attributes, AllProcesses, processor, NoGroup, CloseOnExec);
        return descriptor >= 0 ? new SafeFileHandle(descriptor, ownsHandle: true)
            : Marshal.GetLastPInvokeError() is Errno.ENODEV ? null : throw SystemCallException.Last("perf_event_open");
    }

    static nint Number => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.S390x => 331,
        Architecture.Ppc64le => 319,
        _ => 241,
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint Call(nint number, nint attributes, nint process, nint processor, nint group, nint flags);
}

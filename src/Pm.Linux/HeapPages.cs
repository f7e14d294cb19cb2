using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Pm.Linux;

/// <summary>
/// The memory that the collector will take next, made ready in one step. By itself it asks the kernel for 64 KiB at a time with two calls, and each 4 KiB of it is a page
/// fault when it is first written: half of what a command took that read a lockfile of 1,000 packages. Source: docs/adr/0019, mprotect(2), madvise(2).
/// </summary>
public static partial class HeapPages
{
    /// <summary>How far from the newest object, in bytes: behind the first places of the large objects lies what the collector takes when the first 4 MiB are full.</summary>
    public const int Ahead = 64 << 20;

    const int ReadAndWrite = 3;
    const int HugePages = 14;
    const int Dumped = 17;

    /// <summary>Tries it. Where it does not work all goes on as it would have, hence nothing is said.</summary>
    /// <returns>How many bytes were made ready.</returns>
    [SkipLocalsInit]
    public static long MakeReady()
    {
        try
        {
            // The heap's reserved memory is one of the first places: the kernel lists the program, then what was mapped from low to high.
            Span<byte> list = stackalloc byte[4096];
            if (OpenFile.TryOpenRead("/proc/self/maps") is not { } file)
            {
                return 0;
            }

            using (file)
            {
                list = list[..RandomAccess.Read(file, list, 0)];
            }

            var something = new object();
            var ready = 0L;
            foreach (var (start, length) in MemoryList.ReservedBehind(list, (ulong)Unsafe.As<object, nint>(ref something), Ahead))
            {
                ready += TryMakeReady((nint)start, (nint)length) ? (long)length : 0;
            }

            return ready;
        }
        catch (Exception e) when (e is SystemCallException or IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    static bool TryMakeReady(nint start, nint length)
    {
        if (Protect(start, length, ReadAndWrite) != 0)
        {
            return false;
        }

        // What the collector says of each piece later has then been said, and costs nothing.
        _ = Advise(start, length, HugePages);
        _ = Advise(start, length, Dumped);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint start, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(nint start, nint length, int advice);
}

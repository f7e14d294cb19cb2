using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// Writing to open files, through <see cref="WriteDoor"/>: whole spans, however little the kernel takes at once. The
/// paths are for messages; without one the kernel is asked when something fails.
/// </summary>
public static partial class FileWriting
{
    const uint StartOnly = 2; // SYNC_FILE_RANGE_WRITE

    /// <summary>Writes all of <paramref name="data"/> at the file's position.</summary>
    /// <exception cref="SystemCallException">ENOSPC, EDQUOT, EIO, EFBIG …; some of it may be written.</exception>
    public static void Write(SafeFileHandle file, ReadOnlySpan<byte> data, string? path = null)
    {
        while (!data.IsEmpty)
        {
            var count = -1;
            if (WriteDoor.AdmitsWrite("write", file, path, out var isTorn))
            {
                count = (int)WriteSome(file, data, isTorn ? data.Length / 2 : data.Length);
                EndIf(isTorn);
            }
            data = data[Taken(count, file, path)..];
        }
    }

    /// <summary>Writes all of <paramref name="data"/> at <paramref name="offset"/>; the position stays.</summary>
    /// <exception cref="SystemCallException">ENOSPC, EDQUOT, EIO, EFBIG …; some of it may be written.</exception>
    public static void WriteAt(SafeFileHandle file, ReadOnlySpan<byte> data, long offset, string? path = null)
    {
        while (!data.IsEmpty)
        {
            var count = -1;
            if (WriteDoor.AdmitsWrite("write", file, path, out var isTorn))
            {
                count = (int)WriteSomeAt(file, data, isTorn ? data.Length / 2 : data.Length, offset);
                EndIf(isTorn);
            }
            var taken = Taken(count, file, path);
            data = data[taken..];
            offset += taken;
        }
    }

    /// <summary>Cuts the file to <paramref name="length"/> bytes, or fills it up with zeros.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void Truncate(SafeFileHandle file, long length, string? path = null)
    {
        while (!WriteDoor.Admits("truncate", file, path) || SetLength(file, length) != 0)
        {
            ThrowUnlessInterrupted("truncate", file, path);
        }
    }

    /// <summary>Makes content and status of the file durable. A failure is final: it must not be tried again.</summary>
    /// <exception cref="SystemCallException">EIO, ENOSPC …: what was written may be lost.</exception>
    public static void Sync(SafeFileHandle file, string? path = null) => SyncCall.File(file, path);

    /// <summary>As <see cref="Sync"/> without what is not needed to read the content again. Source: fdatasync(2).</summary>
    /// <exception cref="SystemCallException">EIO, ENOSPC …: what was written may be lost.</exception>
    public static void SyncContent(SafeFileHandle file, string? path = null) => SyncCall.Content(file, path);

    /// <summary>Lets the kernel begin to write the file's content to the disk, and does not wait for it: a later sync finds less to do.</summary>
    /// <remarks>No more than a wish: it makes nothing durable, and what fails is told to the sync. Source: sync_file_range(2).</remarks>
    public static void StartWriteBack(SafeFileHandle file) => _ = StartWriteBack(file, 0, 0, StartOnly);

    /// <summary>Sets the times of access and modification.</summary>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public static void SetTimes(SafeFileHandle file, DateTimeOffset modified, string? path = null)
    {
        var time = TimeSpecification.Of(modified);
        while (!WriteDoor.Admits("utimens", file, path) || SetTimes(file, [time, time]) != 0)
        {
            ThrowUnlessInterrupted("utimens", file, path);
        }
    }

    /// <summary>A stream that writes at the file's position through the door, unbuffered; the file stays open.</summary>
    public static Stream Stream(SafeFileHandle file, string? path = null) => new FileWritingStream(file, path);

    /// <summary>
    /// A stream that reads the file, and writes it through the door, wherever it is put; unbuffered. It closes the file.
    /// </summary>
    public static Stream OwnedStream(SafeFileHandle file, string? path = null) => new OwnedFileStream(file, path);

    static int Taken(int count, SafeFileHandle file, string? path)
    {
        if (count < 0)
        {
            ThrowUnlessInterrupted("write", file, path);
        }
        return Math.Max(count, 0);
    }

    static void EndIf(bool isTorn)
    {
        if (isTorn)
        {
            WriteFault.EndProcess();
        }
    }

    static void ThrowUnlessInterrupted(string call, SafeFileHandle file, string? path)
    {
        var errno = Marshal.GetLastPInvokeError();
        if (errno != Errno.EINTR)
        {
            throw new SystemCallException(call, errno, path ?? OpenFile.PathOf(file));
        }
    }

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint WriteSome(SafeFileHandle file, ReadOnlySpan<byte> data, nint size);

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static partial nint WriteSomeAt(SafeFileHandle file, ReadOnlySpan<byte> data, nint size, long offset);

    [LibraryImport("libc", EntryPoint = "sync_file_range")]
    private static partial int StartWriteBack(SafeFileHandle file, long offset, long length, uint flags);

    [LibraryImport("libc", EntryPoint = "futimens", SetLastError = true)]
    private static partial int SetTimes(SafeFileHandle file, ReadOnlySpan<TimeSpecification> times);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    private static partial int SetLength(SafeFileHandle file, long length);
}

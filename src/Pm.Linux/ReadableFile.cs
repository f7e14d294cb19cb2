using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>
/// A regular file open for reading, without an object on the heap: for who opens thousands, one after the other. Whoever has it
/// closes it once.
/// </summary>
public readonly partial struct ReadableFile : IDisposable
{
    readonly int _descriptor;

    internal ReadableFile(int descriptor, FileStatus status) => (_descriptor, Status) = (descriptor, status);

    /// <summary>For calls that take a handle, which must not close it.</summary>
    public nint DangerousDescriptor => _descriptor;

    /// <summary>As it was when it was opened.</summary>
    public FileStatus Status { get; }

    /// <summary>Reads on from where the last call ended.</summary>
    /// <returns>How many bytes; 0 at the end.</returns>
    /// <exception cref="SystemCallException">The kernel refused.</exception>
    public int Read(Span<byte> buffer)
    {
        nint count;
        do
        {
            count = Read(_descriptor, buffer, buffer.Length);
        }
        while (count < 0 && Marshal.GetLastPInvokeError() == Errno.EINTR);
        return count >= 0 ? (int)count : throw SystemCallException.Last("read", Path());
    }

    /// <summary>Whether it has an extended attribute of that name.</summary>
    /// <param name="name">Ends in a zero.</param>
    public bool HasAttribute(ReadOnlySpan<byte> name) => GetAttribute(_descriptor, name, 0, 0) >= 0;

    /// <summary>The same open file as a handle, which then is what has to be closed.</summary>
    public SafeFileHandle ToHandle() => new(_descriptor, ownsHandle: true);

    // Nothing was written: what close(2) says of it is nobody's concern.
    public void Dispose() => _ = Close(_descriptor);

    string Path()
    {
        using var handle = new SafeFileHandle(_descriptor, ownsHandle: false);
        return OpenFile.PathOf(handle);
    }

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    private static partial nint Read(int descriptor, Span<byte> buffer, nint size);

    [LibraryImport("libc", EntryPoint = "fgetxattr")]
    private static partial nint GetAttribute(int descriptor, ReadOnlySpan<byte> name, nint value, nint size);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}

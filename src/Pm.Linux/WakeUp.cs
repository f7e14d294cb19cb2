using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>Lets another thread end a poll(2). Source: eventfd(2).</summary>
sealed partial class WakeUp : IDisposable
{
    readonly SafeFileHandle _event;

    public WakeUp()
    {
        var descriptor = Make(0, OpenFlags.CloseOnExec | OpenFlags.NonBlocking);
        _event = descriptor >= 0
            ? new SafeFileHandle(descriptor, ownsHandle: true)
            : throw SystemCallException.Last("eventfd");
    }

    public nint Descriptor => _event.DangerousGetHandle();

    public void Signal() => _ = Write(_event, [1, 0, 0, 0, 0, 0, 0, 0], sizeof(ulong));

    public void Dispose() => _event.Dispose();

    [LibraryImport("libc", EntryPoint = "eventfd", SetLastError = true)]
    private static partial int Make(uint value, int flags);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    private static partial nint Write(SafeFileHandle file, ReadOnlySpan<byte> data, nint size);
}

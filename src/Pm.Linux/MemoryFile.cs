using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pm.Linux;

/// <summary>A file that is in no directory, for a library of this process that takes a path and nothing else. It goes when it is closed. Source: memfd_create(2).</summary>
public sealed partial class MemoryFile : IDisposable
{
    const uint CloseOnExec = 1;

    /// <summary>Since Linux 6.3, which may be set up to refuse files that programs could be made of; older ones refuse the flag.</summary>
    const uint NotExecutable = 8;

    readonly SafeFileHandle _file;

    MemoryFile(SafeFileHandle file) => _file = file;

    /// <summary>What opens it anew, in this process.</summary>
    public string Path => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{_file.DangerousGetHandle()}");

    /// <param name="name">For who looks at the process.</param>
    /// <param name="content">All that it has.</param>
    /// <exception cref="SystemCallException">ENOMEM, EMFILE …</exception>
    public static MemoryFile Create(string name, ReadOnlySpan<byte> content)
    {
        var file = new SafeFileHandle(Make(name), ownsHandle: true);
        try
        {
            FileWriting.Write(file, content, name);
            return new MemoryFile(file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    public void Dispose() => _file.Dispose();

    static nint Make(string name)
    {
        var descriptor = Call(name, CloseOnExec | NotExecutable);
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == Errno.EINVAL)
        {
            descriptor = Call(name, CloseOnExec);
        }

        return descriptor >= 0 ? descriptor : throw SystemCallException.Last("memfd_create", name);
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Call(string name, uint flags);
}

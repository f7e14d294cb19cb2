using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Storage.Packing;

/// <summary>A file without a name, for what does not fit in memory; gone when it is closed, or when pm is killed.</summary>
public static class ScratchFile
{
    const int Mode = 0b110_000_000;
    const int DirectoryMode = 0b111_101_101;
    const int BufferSize = 1 << 16;

    /// <param name="folder">The directory whose file system holds it; made when it is missing.</param>
    /// <exception cref="SystemCallException">The directory cannot be written.</exception>
    public static Stream Create(string folder) => new BufferedStream(FileWriting.OwnedStream(CreateHandle(folder), folder), BufferSize);

    /// <summary>As <see cref="Create"/>, for who opens it anew by its descriptor.</summary>
    /// <param name="folder">As there.</param>
    /// <exception cref="SystemCallException">The directory cannot be written.</exception>
    public static SafeFileHandle CreateHandle(string folder)
    {
        using var directory = DirectoryHandle.OpenOrMake(folder, DirectoryMode, isDurable: false);
        return directory.CreateUnnamed(Mode);
    }
}

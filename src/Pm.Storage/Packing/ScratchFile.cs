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
    public static FileStream Create(string folder)
    {
        using var directory = DirectoryHandle.OpenOrMake(folder, DirectoryMode, isDurable: false);
        return new FileStream(directory.CreateUnnamed(Mode), FileAccess.ReadWrite, BufferSize);
    }
}

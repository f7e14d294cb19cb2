using Pm.Linux;

namespace Pm.Storage.Packing;

/// <summary>A file without a name, for what does not fit in memory; gone when it is closed, or when pm is killed.</summary>
public static class ScratchFile
{
    const int Mode = 0b110_000_000;
    const int BufferSize = 1 << 16;

    /// <param name="folder">An existing directory.</param>
    /// <exception cref="SystemCallException">The directory cannot be written.</exception>
    public static FileStream Create(string folder)
    {
        using var directory = DirectoryHandle.Open(folder);
        var name = DurableFile.TemporaryName();
        var file = directory.CreateFile(name, Mode);
        directory.Unlink(name);
        return new FileStream(file, FileAccess.ReadWrite, BufferSize);
    }
}

using Microsoft.Win32.SafeHandles;
using Pm.Linux;
using Pm.Storage.Switching;

namespace Pm.Storage.Packing;

/// <summary>A file that is written in a stream and appears whole, durably, or not at all.</summary>
public sealed class OutputFile : IDisposable
{
    const int Mode = 0b110_100_100;
    const int BufferSize = 1 << 17;

    readonly DirectoryHandle _folder;
    readonly string _name;
    readonly string _temporary;
    readonly SafeFileHandle _file;
    bool _isCommitted;

    /// <param name="path">Absolute; its directory must be there. What is there is replaced at the end.</param>
    /// <exception cref="SystemCallException">The directory is missing or cannot be written.</exception>
    public OutputFile(string path)
    {
        _folder = DirectoryHandle.Open(Path.GetDirectoryName(path) ?? "/");
        _name = Path.GetFileName(path);
        _temporary = DurableFile.TemporaryName();
        try
        {
            TemporaryFiles.ClearQuietly(_folder);
            _file = _folder.CreateFile(_temporary, Mode);
        }
        catch
        {
            _folder.Dispose();
            throw;
        }

        Stream = new BufferedStream(FileWriting.Stream(_file, path), BufferSize);
    }

    public Stream Stream { get; }

    /// <summary>Writes it out, syncs it and gives it its name.</summary>
    public void Commit()
    {
        Stream.Flush();
        FileWriting.Sync(_file);
        _folder.Rename(_temporary, _folder, _name);
        _isCommitted = true;
        _folder.Sync();
    }

    public void Dispose()
    {
        _file.Dispose();
        if (!_isCommitted)
        {
            RemoveQuietly();
        }

        _folder.Dispose();
    }

    void RemoveQuietly()
    {
        try
        {
            _folder.Unlink(_temporary);
        }
        catch (SystemCallException)
        {
            // What went wrong before is the news.
        }
    }
}

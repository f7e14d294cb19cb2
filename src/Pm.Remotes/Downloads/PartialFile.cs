using Microsoft.Win32.SafeHandles;
using Pm.Linux;

namespace Pm.Remotes.Downloads;

/// <summary>One body of <see cref="PartialFiles"/>, open.</summary>
sealed class PartialFile : IDisposable
{
    readonly DirectoryHandle _directory;
    readonly string _name;
    readonly SafeFileHandle _file;
    bool _isGone;

    /// <param name="directory">Disposed with this.</param>
    /// <param name="name">In the directory.</param>
    /// <param name="file">Whatever is written goes to its end; disposed with this.</param>
    public PartialFile(DirectoryHandle directory, string name, SafeFileHandle file)
    {
        _directory = directory;
        _name = name;
        _file = file;
        Length = OpenFile.Status(file).Size;
    }

    /// <summary>Bytes that are there.</summary>
    public long Length { get; private set; }

    public int Read(Span<byte> buffer, long offset) => RandomAccess.Read(_file, buffer, offset);

    /// <exception cref="SystemCallException">The disk is full, or failed.</exception>
    public void Append(ReadOnlySpan<byte> data)
    {
        FileWriting.Write(_file, data);
        Length += data.Length;
    }

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        FileWriting.Truncate(_file, 0);
        Length = 0;
    }

    /// <summary>It is not needed any more: all of it is where it belongs, or it was wrong.</summary>
    public void Remove()
    {
        if (!_isGone)
        {
            _isGone = true;
            _directory.RemoveTree(_name);
        }
    }

    public void Dispose()
    {
        if (!_isGone && Length == 0)
        {
            Remove();
        }

        _file.Dispose();
        _directory.Dispose();
    }
}

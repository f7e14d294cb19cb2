using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace Pm.Blobs;

/// <summary>Maps a window of a file at a time.</summary>
sealed unsafe class MappedBlocks : IBlockSource
{
    /// <summary>Large enough that mapping costs nothing, small enough that a huge file does not fill the address space.</summary>
    const int WindowSize = 16 << 20;

    readonly MemoryMappedFile _map;
    readonly long _length;
    MemoryMappedViewAccessor? _window;
    long _windowOffset;
    byte* _bytes;

    internal MappedBlocks(SafeFileHandle file, long length)
    {
        var actual = RandomAccess.GetLength(file);
        if (actual < length)
        {
            throw BlobMismatchException.TooShort("file", length, actual);
        }

        _length = length;
        _map = MemoryMappedFile.CreateFromFile(
            file, null, 0, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
    }

    public ReadOnlySpan<byte> Read(long offset, long end)
    {
        if (_window is null || offset < _windowOffset || offset >= _windowOffset + WindowSize)
        {
            Unmap();
            Map(offset / WindowSize * WindowSize);
        }

        var last = Math.Min(end, _windowOffset + WindowSize);
        return new ReadOnlySpan<byte>(_bytes + (offset - _windowOffset), (int)(last - offset));
    }

    public void Dispose()
    {
        Unmap();
        _map.Dispose();
    }

    void Map(long offset)
    {
        _window = _map.CreateViewAccessor(
            offset, Math.Min(WindowSize, _length - offset), MemoryMappedFileAccess.Read);
        _window.SafeMemoryMappedViewHandle.AcquirePointer(ref _bytes);
        _bytes += _window.PointerOffset;
        _windowOffset = offset;
    }

    void Unmap()
    {
        if (_window is not null)
        {
            _window.SafeMemoryMappedViewHandle.ReleasePointer();
            _window.Dispose();
            _window = null;
            _bytes = null;
        }
    }
}

using System.Buffers;

namespace Pm.Packages.Pkg;

/// <summary>The contents of some small files, one behind the other, on their way to another thread.</summary>
sealed class ContentBatch : IDisposable
{
    /// <summary>In bytes; a longer file goes alone.</summary>
    public const int Size = 256 * 1024;

    const int MaximumFiles = 64;

    readonly byte[] _buffer = ArrayPool<byte>.Shared.Rent(Size);
    readonly List<(int Length, bool IsExecutable, KeptContent Content)> _files = new(MaximumFiles);
    int _filled;

    public bool IsEmpty => _files.Count == 0;

    public bool HasRoomFor(long size) => size <= Size - _filled && _files.Count < MaximumFiles;

    public KeptContent Add(Stream content, int size, bool isExecutable)
    {
        content.ReadExactly(_buffer, _filled, size);
        _filled += size;
        var kept = new KeptContent();
        _files.Add((size, isExecutable, kept));
        return kept;
    }

    /// <summary>Hashes and keeps each of them.</summary>
    public void WriteTo(IBlobSink sink)
    {
        var offset = 0;
        foreach (var (length, isExecutable, content) in _files)
        {
            var bytes = _buffer.AsSpan(offset, length);
            content.Blob = new PkgBlob(sink.Keep(bytes, isExecutable), length, isExecutable);
            content.Digest = Codecs.Sha256Digest.Of(bytes);
            offset += length;
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}

namespace Pm.Packages.Index;

/// <summary>Many pieces of bytes, held in blocks: nothing is copied when more come, and each piece stays in one.</summary>
sealed class ChunkedBytes
{
    const int BlockSize = 256 * 1024;

    readonly List<(byte[] Block, int Length)> _full = [];
    byte[] _block = [];
    int _used;

    /// <summary>Bytes of all pieces.</summary>
    public long Length { get; private set; }

    /// <summary>Takes a copy of a piece.</summary>
    public ReadOnlyMemory<byte> Add(ReadOnlySpan<byte> piece)
    {
        if (_block.Length - _used < piece.Length)
        {
            _full.Add((_block, _used));
            _block = new byte[Math.Max(BlockSize, piece.Length)];
            _used = 0;
        }

        piece.CopyTo(_block.AsSpan(_used));
        _used += piece.Length;
        Length += piece.Length;
        return _block.AsMemory(_used - piece.Length, piece.Length);
    }

    /// <summary>All pieces, one after the other.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> Blocks()
    {
        foreach (var (block, length) in _full)
        {
            yield return block.AsMemory(0, length);
        }

        yield return _block.AsMemory(0, _used);
    }
}

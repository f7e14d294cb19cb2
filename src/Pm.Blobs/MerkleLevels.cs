using Pm.Codecs;

namespace Pm.Blobs;

/// <summary>The unfinished right edge of a hash tree above its leaves: at most one open node a level.</summary>
sealed class MerkleLevels
{
    readonly List<Level> _levels = [];
    readonly int _lowest;

    /// <summary>Takes hashes of <paramref name="lowest"/>: 0 for leaves, 1 for nodes over 256 leaves.</summary>
    internal MerkleLevels(int lowest) => _lowest = lowest;

    /// <summary>Adds the next hash of the lowest level.</summary>
    internal void Add(DigestContext context, ReadOnlySpan<byte> hash) => Add(context, 0, hash);

    /// <summary>The root over the hashes added, of which there is at least one; then ready for the next tree.</summary>
    internal MerkleRoot Finish(DigestContext context)
    {
        var index = 0;
        for (; _levels[index].Count > 1; index++)
        {
            if (_levels[index].Pending > 0)
            {
                Close(context, index);
            }
        }

        var root = new MerkleRoot(_levels[index].First);
        _levels.ForEach(level => level.Clear());
        return root;
    }

    void Add(DigestContext context, int index, ReadOnlySpan<byte> hash)
    {
        if (index == _levels.Count)
        {
            _levels.Add(new Level());
        }

        _levels[index].Add(hash);
        if (_levels[index].Pending == MerkleNode.Fanout)
        {
            Close(context, index);
        }
    }

    /// <summary>Hashes the open node over the level's pending hashes and hands the hash to the level above.</summary>
    void Close(DigestContext context, int index)
    {
        Span<byte> hash = stackalloc byte[MerkleRoot.Size];
        var level = _levels[index];
        var node = (level.Count - 1) / MerkleNode.Fanout;
        MerkleNode.HashInner(context, _lowest + index + 1, node, level.Hashes, hash);
        level.Drain();
        Add(context, index + 1, hash);
    }

    sealed class Level
    {
        readonly byte[] _hashes = new byte[MerkleNode.BlockSize];

        /// <summary>Hashes added so far.</summary>
        internal long Count { get; private set; }

        /// <summary>Hashes not yet covered by a node of the level above.</summary>
        internal int Pending { get; private set; }

        internal ReadOnlySpan<byte> Hashes => _hashes.AsSpan(0, Pending * MerkleRoot.Size);

        /// <summary>The first hash of the open node, or of the last one closed.</summary>
        internal ReadOnlySpan<byte> First => _hashes.AsSpan(0, MerkleRoot.Size);

        internal void Add(ReadOnlySpan<byte> hash)
        {
            hash.CopyTo(_hashes.AsSpan(Pending * MerkleRoot.Size));
            Pending++;
            Count++;
        }

        internal void Drain() => Pending = 0;

        internal void Clear() => (Count, Pending) = (0, 0);
    }
}

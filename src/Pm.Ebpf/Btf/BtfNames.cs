using System.Collections.Immutable;

namespace Pm.Ebpf.Btf;

/// <summary>Finds types by their names; made when the first is looked for, 8 bytes a type.</summary>
sealed class BtfNames
{
    readonly BtfFile _file;
    readonly int[] _first;
    readonly int[] _next;

    public BtfNames(BtfFile file)
    {
        _file = file;
        var own = file.Count - file.FirstOwn;
        _first = new int[System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(own, 1))];
        _next = new int[own];
        // From the last on, so that each chain is in the order of the file.
        for (var id = file.Count - 1; id >= Math.Max(file.FirstOwn, 1); id--)
        {
            var name = file.NameBytesOf(id);
            if (!name.IsEmpty)
            {
                ref var first = ref _first[Bucket(name)];
                (_next[id - file.FirstOwn], first) = (first, id);
            }
        }
    }

    public ImmutableArray<BtfType> Find(ReadOnlySpan<byte> name)
    {
        var found = ImmutableArray.CreateBuilder<BtfType>();
        for (var id = name.IsEmpty ? 0 : _first[Bucket(name)]; id != 0; id = _next[id - _file.FirstOwn])
        {
            if (_file.NameBytesOf(id).SequenceEqual(name))
            {
                found.Add(new BtfType(_file, id));
            }
        }

        return found.DrainToImmutable();
    }

    /// <summary>Seeded anew in each process: nobody can write names that all meet in one bucket.</summary>
    int Bucket(ReadOnlySpan<byte> name)
    {
        var hash = new HashCode();
        hash.AddBytes(name);
        return hash.ToHashCode() & (_first.Length - 1);
    }
}

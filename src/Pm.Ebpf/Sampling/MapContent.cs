using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;
using Pm.Linux;

namespace Pm.Ebpf.Sampling;

/// <summary>Reads what is in a map of a running object.</summary>
/// <param name="descriptor">The map, in the kernel.</param>
/// <param name="map">What the object says of it.</param>
sealed unsafe class MapContent(int descriptor, MapSpec map)
{
    /// <summary>Entries that are asked for at once.</summary>
    const int Batch = 512;

    /// <summary>ENOTSUPP of Linux, which has no name outside it.</summary>
    const int NotSupported = 524;

    const int CpuAlignment = 8;

    readonly int _keySize = (int)map.KeySize;
    readonly int _cpus = IsPerCpu(map.Kind) ? LibBpf.libbpf_num_possible_cpus() : 1;

    /// <summary>Bytes of one processor's value as the kernel gives it.</summary>
    readonly int _stride = IsPerCpu(map.Kind) ? ((int)map.ValueSize + CpuAlignment - 1) / CpuAlignment * CpuAlignment : (int)map.ValueSize;

    bool _hasBatches = !IsPerCpu(map.Kind);

    int ValueBytes => _stride * _cpus;

    int MostEntries => (int)Math.Min(SampleLimits.Entries, SampleLimits.Bytes / Math.Max(1, _keySize + ValueBytes));

    static bool IsPerCpu(MapKind kind) => kind is MapKind.PerCpuArray or MapKind.PerCpuHash or MapKind.LruPerCpuHash;

    bool IsArray => map.Kind is MapKind.Array or MapKind.PerCpuArray;

    /// <summary>Everything that is there, as far as <see cref="SampleLimits"/> goes.</summary>
    /// <param name="clears">What was read is taken out.</param>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public List<MapEntry> Read(bool clears)
    {
        var entries = new List<MapEntry>();
        if (clears || !_hasBatches || !(_hasBatches = TryBatches(entries)))
        {
            entries.Clear();
            foreach (var key in Keys())
            {
                if (ValueOf(key, clears) is { } value)
                {
                    entries.Add(Entry(key, value));
                }
            }
        }

        return entries;
    }

    /// <summary>The value under a key of the map's size; null where there is none.</summary>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public byte[]? TryRead(byte[] key) => key.Length == _keySize ? ValueOf(key, clears: false) : null;

    /// <summary>First all keys: what is taken out meanwhile would lead back to the begin.</summary>
    List<byte[]> Keys()
    {
        var keys = new List<byte[]>();
        byte[]? before = null;
        while (keys.Count < MostEntries)
        {
            var next = new byte[_keySize];
            fixed (byte* previous = before, into = next)
            {
                var result = LibBpf.bpf_map_get_next_key(descriptor, previous, into);
                if (result == -Errno.ENOENT)
                {
                    break;
                }

                BpfObject.Check("bpf_map_get_next_key", result);
            }

            keys.Add(before = next);
        }

        return keys;
    }

    /// <summary>Null: it went meanwhile.</summary>
    byte[]? ValueOf(byte[] key, bool clears)
    {
        var value = new byte[ValueBytes];
        fixed (byte* name = key, into = value)
        {
            // What the program adds between looking and taking out would be lost, where the kernel does not do both at once.
            if (clears && !IsArray)
            {
                var taken = LibBpf.bpf_map_lookup_and_delete_elem(descriptor, name, into);
                if (taken >= 0 || taken == -Errno.ENOENT)
                {
                    return taken >= 0 ? value : null;
                }
            }

            var result = LibBpf.bpf_map_lookup_elem(descriptor, name, into);
            if (result == -Errno.ENOENT)
            {
                return null;
            }

            BpfObject.Check("bpf_map_lookup_elem", result);
            if (clears)
            {
                Clear(name);
            }
        }

        return value;
    }

    void Clear(byte* key)
    {
        if (!IsArray)
        {
            _ = LibBpf.bpf_map_delete_elem(descriptor, key);
            return;
        }

        fixed (byte* zeroes = new byte[ValueBytes])
        {
            BpfObject.Check("bpf_map_update_elem", LibBpf.bpf_map_update_elem(descriptor, key, zeroes, 0));
        }
    }

    /// <summary>Many entries with one call; false where the kernel does not do that for this kind of map.</summary>
    bool TryBatches(List<MapEntry> entries)
    {
        var (keys, values) = (new byte[_keySize * Batch], new byte[ValueBytes * Batch]);
        var (here, next) = (new byte[Math.Max(_keySize, 8)], new byte[Math.Max(_keySize, 8)]);
        for (var isFirst = true; entries.Count < MostEntries; isFirst = false)
        {
            var count = (uint)Batch;
            int result;
            fixed (byte* from = here, to = next, allKeys = keys, allValues = values)
            {
                result = LibBpf.bpf_map_lookup_batch(descriptor, isFirst ? null : from, to, allKeys, allValues, &count, 0);
            }

            if (result is -Errno.EINVAL or -Errno.EOPNOTSUPP or -Errno.ENOSPC or -NotSupported)
            {
                return false;
            }

            if (result < 0 && result != -Errno.ENOENT)
            {
                throw BpfObject.Failed("bpf_map_lookup_batch", -result);
            }

            for (var i = 0; i < Math.Min(count, Batch) && entries.Count < MostEntries; i++)
            {
                entries.Add(Entry(keys.AsSpan(_keySize * i, _keySize).ToArray(), values.AsSpan(ValueBytes * i, ValueBytes).ToArray()));
            }

            if (result < 0)
            {
                break;
            }

            (here, next) = (next, here);
        }

        return true;
    }

    MapEntry Entry(byte[] key, byte[] value) => new(key, [.. Enumerable.Range(0, _cpus).Select(cpu => (ReadOnlyMemory<byte>)value.AsMemory(_stride * cpu, (int)map.ValueSize))]);
}

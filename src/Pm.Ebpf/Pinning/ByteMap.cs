using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;
using Pm.Ebpf.Loading;
using Pm.Ebpf.Native;
using Pm.Ebpf.Objects;

namespace Pm.Ebpf.Pinning;

/// <summary>Bytes in an array map: bpffs knows no files, and what a map holds is there for as long as what it is about.</summary>
static unsafe class ByteMap
{
    /// <summary>Of one entry. An array's entries together may be larger than what one may be. Source: kernel/bpf/arraymap.c.</summary>
    const int EntrySize = 32 << 10;

    /// <summary>The length stands before the bytes.</summary>
    const int HeadSize = sizeof(long);

    /// <returns>A map with these bytes in it.</returns>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static SafeFileHandle Make(ReadOnlySpan<byte> bytes)
    {
        BpfLibrary.Require();
        var all = new byte[HeadSize + bytes.Length];
        BinaryPrimitives.WriteInt64LittleEndian(all, bytes.Length);
        bytes.CopyTo(all.AsSpan(HeadSize));

        var count = (all.Length + EntrySize - 1) / EntrySize;
        int descriptor;
        fixed (byte* name = "pm_bytes\0"u8)
        {
            descriptor = BpfObject.Check("bpf_map_create", LibBpf.bpf_map_create((int)MapKind.Array, name, sizeof(int), EntrySize, (uint)count, 0));
        }

        var map = new SafeFileHandle(descriptor, ownsHandle: true);
        var entry = stackalloc byte[EntrySize];
        for (var i = 0; i < count; i++)
        {
            var part = all.AsSpan(i * EntrySize, Math.Min(EntrySize, all.Length - (i * EntrySize)));
            part.CopyTo(new Span<byte>(entry, EntrySize));
            BpfObject.Check("bpf_map_update_elem", LibBpf.bpf_map_update_elem(descriptor, &i, entry, 0));
        }

        return map;
    }

    /// <returns>The bytes in it; null: it is no such map, or there are more than <paramref name="limit"/>.</returns>
    /// <exception cref="LibBpfException">The kernel refused.</exception>
    public static byte[]? TryRead(SafeFileHandle map, int limit)
    {
        var descriptor = (int)map.DangerousGetHandle();

        var facts = MapFacts.Of(descriptor);
        if (facts is not { Kind: MapKind.Array, KeySize: sizeof(int), ValueSize: EntrySize })
        {
            return null;
        }

        var entry = stackalloc byte[EntrySize];
        byte[]? bytes = null;
        var filled = 0;
        for (var i = 0; i < facts.Entries && filled < (bytes?.Length ?? 1); i++)
        {
            BpfObject.Check("bpf_map_lookup_elem", LibBpf.bpf_map_lookup_elem(descriptor, &i, entry));
            var part = new ReadOnlySpan<byte>(entry, EntrySize);
            if (bytes is null)
            {
                var length = BinaryPrimitives.ReadInt64LittleEndian(part);
                if (length < 0 || length > limit || length > ((long)facts.Entries * EntrySize) - HeadSize)
                {
                    return null;
                }

                bytes = new byte[length];
                part = part[HeadSize..];
            }

            part = part[..Math.Min(part.Length, bytes.Length - filled)];
            part.CopyTo(bytes.AsSpan(filled));
            filled += part.Length;
        }

        return bytes;
    }
}

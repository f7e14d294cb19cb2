using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;

namespace Pm.Linux;

/// <summary>A message to the kernel's networks: a head, a structure, and attributes. Source: netlink(7), rtnetlink(7).</summary>
sealed class NetlinkMessage
{
    /// <summary>Before the structure: length, kind, flags, number, sender.</summary>
    public const int HeadSize = 16;

    /// <summary>Before what an attribute has: length, kind.</summary>
    public const int AttributeHeadSize = 4;

    const ushort Nested = 0x8000; // NLA_F_NESTED

    readonly ArrayBufferWriter<byte> _bytes = new();

    /// <param name="kind">RTM_…</param>
    /// <param name="flags">NLM_F_…</param>
    /// <param name="structure">What that kind begins with.</param>
    public NetlinkMessage(ushort kind, ushort flags, ReadOnlySpan<byte> structure)
    {
        Span<byte> head = stackalloc byte[HeadSize];
        head.Clear();
        MemoryMarshal.Write(head[4..], kind);
        MemoryMarshal.Write(head[6..], flags);
        _bytes.Write(head);
        Pad(structure);
    }

    public void Add(ushort kind, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[AttributeHeadSize];
        MemoryMarshal.Write(head, (ushort)(AttributeHeadSize + value.Length));
        MemoryMarshal.Write(head[2..], kind);
        _bytes.Write(head);
        Pad(value);
    }

    public void Add(ushort kind, uint value) => Add(kind, MemoryMarshal.AsBytes([value]));

    public void Add(ushort kind, string text) => Add(kind, Encoding.UTF8.GetBytes(text + "\0"));

    /// <summary>Attributes within one.</summary>
    public void Add(ushort kind, Action<NetlinkMessage> within)
    {
        var inner = new NetlinkMessage(0, 0, []);
        within(inner);
        Add((ushort)(kind | Nested), inner._bytes.WrittenSpan[HeadSize..]);
    }

    /// <summary>All of it.</summary>
    public byte[] ToBytes(uint number)
    {
        var bytes = _bytes.WrittenSpan.ToArray();
        MemoryMarshal.Write(bytes, (uint)bytes.Length);
        MemoryMarshal.Write(bytes.AsSpan(8), number);
        return bytes;
    }

    void Pad(ReadOnlySpan<byte> value)
    {
        _bytes.Write(value);
        _bytes.Write(stackalloc byte[-value.Length & 3]);
    }
}

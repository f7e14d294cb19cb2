using System.Runtime.InteropServices;
using System.Text;

namespace Pm.Linux;

/// <summary>The attributes behind the structure of a message of the kernel's. What does not fit is as if it were not there. Source: netlink(7).</summary>
readonly ref struct NetlinkAttributes(ReadOnlySpan<byte> bytes)
{
    /// <summary>NLA_F_NESTED and NLA_F_NET_BYTEORDER say nothing that its reader does not know.</summary>
    const ushort KindBits = 0x3fff;

    readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>What the first attribute of a kind has; empty: there is none.</summary>
    public ReadOnlySpan<byte> this[ushort kind]
    {
        get
        {
            var left = _bytes;
            while (left.Length >= NetlinkMessage.AttributeHeadSize)
            {
                var (length, found) = (MemoryMarshal.Read<ushort>(left), MemoryMarshal.Read<ushort>(left[2..]) & KindBits);
                if (length < NetlinkMessage.AttributeHeadSize || length > left.Length)
                {
                    break;
                }

                if (found == kind)
                {
                    return left[NetlinkMessage.AttributeHeadSize..length];
                }

                left = left[Math.Min(left.Length, (length + 3) & ~3)..];
            }

            return [];
        }
    }

    /// <summary>Attributes within one.</summary>
    public NetlinkAttributes Within(ushort kind) => new(this[kind]);

    /// <summary>A number; null: there is none of that kind.</summary>
    public uint? Number(ushort kind) => this[kind] is { Length: sizeof(uint) } value ? MemoryMarshal.Read<uint>(value) : null;

    /// <summary>A text up to its NUL; null: there is none of that kind.</summary>
    public string? Text(ushort kind)
    {
        var value = this[kind];
        var end = value.IndexOf((byte)0);
        return value.IsEmpty ? null : Encoding.UTF8.GetString(end < 0 ? value : value[..end]);
    }
}

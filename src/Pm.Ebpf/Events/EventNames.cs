using System.Text;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Events;

/// <summary>Names of members and enumerators: as the kernel allows them, so that they need no escaping and cannot steer a terminal.</summary>
static class EventNames
{
    public static byte[] Checked(BtfType owner, string name) =>
        name.Length is > 0 and <= EventLimits.Name && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '$' or '.')
            ? Encoding.ASCII.GetBytes(name)
            : throw new EbpfFormatException("PM8023", $"a name in {owner}: expected 1 to {EventLimits.Name} letters, digits and `_`, got something else");

    public static byte[] Key(BtfType owner, string name) => [(byte)'"', .. Checked(owner, name), (byte)'"', (byte)':'];
}

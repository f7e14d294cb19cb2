using System.Net;
using System.Net.Sockets;
using System.Text;
using Pm.Ebpf.Events;

namespace Pm.Ebpf.Parameters;

/// <summary>Addresses of the network as values of flags.</summary>
static class AddressValue
{
    const int Long = 16;

    /// <summary>What can be written for a global of that many bytes: one of 16 takes both kinds.</summary>
    public static string RangeOf(int size) => size == Long ? "an IPv6 or IPv4 address" : "an IPv4 address";

    /// <returns>Whether it is one; those of IPv4 fill 16 bytes as mapped ones (RFC 4291, 2.5.5.2).</returns>
    public static bool TryWrite(string text, Span<byte> bytes)
    {
        // The runtime's reader takes 1, 010.0.0.1 and fe80::1%eth0, too.
        if (!IsPlain(text) || !IPAddress.TryParse(text, out var address) || (address.AddressFamily is AddressFamily.InterNetworkV6 && bytes.Length < Long))
        {
            return false;
        }

        return (bytes.Length == Long ? address.MapToIPv6() : address).TryWriteBytes(bytes, out _);
    }

    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var into = new EventBuffer();
        AddressText.Write(bytes, into);
        return Encoding.ASCII.GetString(into.Written);
    }

    static bool IsPlain(string text) => text.LastIndexOf(':') is >= 0 and var colon
        ? text.All(c => char.IsAsciiHexDigit(c) || c is ':' or '.') && (!text.Contains('.', StringComparison.Ordinal) || IsFour(text[(colon + 1)..]))
        : IsFour(text);

    static bool IsFour(string text) => text.Split('.') is { Length: 4 } parts && parts.All(p => p.Length is 1 or 2 or 3 && p.All(char.IsAsciiDigit) && (p.Length == 1 || p[0] != '0'));
}

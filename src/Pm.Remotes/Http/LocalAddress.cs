using System.Net;
using System.Net.Sockets;

namespace Pm.Remotes.Http;

/// <summary>Addresses that mean this machine or its own link, whoever says them.</summary>
static class LocalAddress
{
    public static bool Is(IPAddress address)
    {
        // An interface behind the address changes nothing of what it means, but how it compares.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
            : address.AddressFamily is AddressFamily.InterNetworkV6 ? new IPAddress(address.GetAddressBytes())
            : address;
        return IPAddress.IsLoopback(plain) || plain.Equals(IPAddress.Any) || plain.Equals(IPAddress.IPv6Any)
            || plain.IsIPv6LinkLocal || IsLinkLocal(plain);
    }

    /// <summary>A host that is local by its text alone, before anything is resolved.</summary>
    public static bool Is(Uri url) => url.IsLoopback
        || (IPAddress.TryParse(url.DnsSafeHost, out var address) && Is(address))
        || url.DnsSafeHost.TrimEnd('.').EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>169.254.0.0/16, where clouds keep the secrets of their machines; 0.0.0.0/8.</summary>
    static bool IsLinkLocal(IPAddress address) => address.AddressFamily is AddressFamily.InterNetwork
        && address.GetAddressBytes() is [169, 254, ..] or [0, ..];
}

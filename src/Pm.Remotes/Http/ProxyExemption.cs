using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Pm.Remotes.Http;

/// <summary>An entry of <c>no_proxy</c>: hosts that are reached without one.</summary>
/// <param name="Host">Without the dot that it may begin with; <c>*</c> is every host.</param>
/// <param name="Network">Where it is an address or a range of them.</param>
/// <param name="Port">Null: each.</param>
sealed record ProxyExemption(string Host, IPNetwork? Network, int? Port)
{
    const int MaximumCount = 1000;

    public static ImmutableArray<ProxyExemption> ParseList(string text) =>
        [.. text.Split([',', ' ', '\t'], MaximumCount, StringSplitOptions.RemoveEmptyEntries).Select(Parse)];

    public bool Covers(Uri url)
    {
        if (Port is { } port && port != url.Port)
        {
            return false;
        }

        var host = url.DnsSafeHost.TrimEnd('.');
        return Network is { } network
            ? IPAddress.TryParse(host, out var address) && network.Contains(address)
            : Host == "*" || host.Equals(Host, StringComparison.OrdinalIgnoreCase)
                || host.EndsWith("." + Host, StringComparison.OrdinalIgnoreCase);
    }

    static ProxyExemption Parse(string entry)
    {
        if (NetworkOf(entry) is { } network)
        {
            return new ProxyExemption(entry, network, null);
        }

        var colon = entry.LastIndexOf(':');
        var hasPort = int.TryParse(entry.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && colon > 0;
        var host = hasPort ? entry[..colon] : entry;
        return new ProxyExemption(host.TrimStart('.').TrimEnd('.'), NetworkOf(host.Trim('[', ']')), hasPort ? port : null);
    }

    static IPNetwork? NetworkOf(string text) => IPNetwork.TryParse(text, out var network) ? network
        : IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : null;
}

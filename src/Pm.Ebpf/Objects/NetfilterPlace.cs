using System.Globalization;

namespace Pm.Ebpf.Objects;

/// <summary>Where netfilter asks a program about packets: <c>ip4:local-in</c>, <c>ip6:forward:-100</c>.</summary>
/// <param name="Family">Its number. Source: NFPROTO_IPV4, NFPROTO_IPV6 of linux/netfilter.h.</param>
/// <param name="Place">Its number. Source: nf_inet_hooks of linux/netfilter.h.</param>
/// <param name="Priority">The lowest comes first; nftables has its filters at 0.</param>
public sealed record NetfilterPlace(int Family, int Place, int Priority)
{
    static readonly (string Name, int Number)[] Families = [("ip4", 2), ("ip6", 10)];

    static readonly string[] Places = ["pre-routing", "local-in", "forward", "local-out", "post-routing"];

    /// <summary>Null where it is none. The first and the last of all priorities are the kernel's own.</summary>
    public static NetfilterPlace? Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var priority = 0;
        return text.Split(':') is [var family, var place, .. var rest] && rest.Length < 2
            && Array.Find(Families, f => f.Name == family) is { Number: > 0 } known && Array.IndexOf(Places, place) is >= 0 and var number
            && (rest.Length == 0 || (int.TryParse(rest[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out priority) && priority is not (int.MinValue or int.MaxValue)))
            ? new NetfilterPlace(known.Number, number, priority) : null;
    }
}

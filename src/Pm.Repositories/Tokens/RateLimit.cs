using System.Net;
using System.Net.Sockets;

namespace Pm.Repositories.Tokens;

/// <summary>So many of something for each key in a time. Bounded: however many keys there are, it keeps few of them.</summary>
public sealed class RateLimit(int count, TimeSpan window, TimeProvider time)
{
    const int MostKeys = 20_000;

    readonly Lock _gate = new();
    readonly Dictionary<string, (long Start, int Count)> _seen = new(StringComparer.Ordinal);

    /// <summary>A key for an address. Who has one IPv6 address has 2⁶⁴ of them.</summary>
    public static string KeyOf(IPAddress? address) =>
        address is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address?.MapToIPv4().ToString() ?? "";

    /// <summary>Counts one more.</summary>
    /// <returns>Null; or, when there were enough already, how long to wait.</returns>
    public TimeSpan? Take(string key)
    {
        lock (_gate)
        {
            var entry = EntryOf(key);
            if (entry.Count >= count)
            {
                return window - time.GetElapsedTime(entry.Start);
            }

            MakeRoom();
            _seen[key] = entry with { Count = entry.Count + 1 };
            return null;
        }
    }

    /// <summary>As <see cref="Take"/>, without counting.</summary>
    public TimeSpan? Look(string key)
    {
        lock (_gate)
        {
            var entry = EntryOf(key);
            return entry.Count >= count ? window - time.GetElapsedTime(entry.Start) : null;
        }
    }

    (long Start, int Count) EntryOf(string key) =>
        _seen.TryGetValue(key, out var entry) && time.GetElapsedTime(entry.Start) < window ? entry : (time.GetTimestamp(), 0);

    void MakeRoom()
    {
        if (_seen.Count < MostKeys)
        {
            return;
        }

        foreach (var old in _seen.Where(pair => time.GetElapsedTime(pair.Value.Start) >= window).Select(pair => pair.Key).ToList())
        {
            _seen.Remove(old);
        }

        // So many at once are an attack on the table itself; those of them that come again are counted again.
        if (_seen.Count >= MostKeys)
        {
            _seen.Clear();
        }
    }
}

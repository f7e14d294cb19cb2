using System.Net;
using Pm.Repositories.Tokens;

namespace Pm.Repositories.Serving;

/// <summary>Who holds how many of something that there are only so many of: no address takes all. For several threads.</summary>
/// <param name="most">Of one address.</param>
public sealed class AddressShares(int most)
{
    readonly Lock _gate = new();
    readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    int _count;

    /// <summary>Of all addresses, and of nobody in particular.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>What one address may have of <paramref name="all"/>: three quarters leave something to the others, also where all come by one proxy.</summary>
    public static int ShareOf(int all) => Math.Max(1, all - (all / 4));

    /// <summary>Null: it has its share. Disposed at the end, once.</summary>
    /// <param name="address">Null: of nobody in particular, behind a unix socket or a proxy; these are not limited.</param>
    public IDisposable? TryEnter(IPAddress? address)
    {
        var key = address is null ? "" : RateLimit.KeyOf(address);
        lock (_gate)
        {
            var others = _counts.GetValueOrDefault(key);
            if (address is not null && others >= most)
            {
                return null;
            }

            _counts[key] = others + 1;
            _count++;
            return new Place(this, key);
        }
    }

    void Leave(string key)
    {
        lock (_gate)
        {
            _count--;
            if (--_counts[key] == 0)
            {
                _counts.Remove(key);
            }
        }
    }

    sealed class Place(AddressShares shares, string key) : IDisposable
    {
        int _isGone;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isGone, 1) == 0)
            {
                shares.Leave(key);
            }
        }
    }
}

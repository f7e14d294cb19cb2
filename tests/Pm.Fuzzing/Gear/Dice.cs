namespace Pm.Fuzzing.Gear;

/// <summary>Numbers that the same seed gives on every machine and with every version of .NET. Source: SplitMix64.</summary>
sealed class Dice(ulong seed)
{
    ulong _state = seed;

    /// <summary>A seed made of a number and a name.</summary>
    public static Dice Of(ulong seed, string name)
    {
        // FNV-1a: string.GetHashCode differs from run to run.
        var hash = 0xcbf29ce484222325;
        foreach (var letter in name)
        {
            hash = (hash ^ letter) * 0x100000001b3;
        }

        return new Dice(seed * 0x9e3779b97f4a7c15 ^ hash);
    }

    public ulong Next()
    {
        _state += 0x9e3779b97f4a7c15;
        var z = _state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
        z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
        return z ^ (z >> 31);
    }

    /// <summary>From 0 to below <paramref name="limit"/>.</summary>
    public int Below(int limit) => (int)(Next() % (ulong)limit);

    /// <summary>Small numbers far more often than large ones.</summary>
    public int Small(int limit) => Below(Below(limit) + 1);

    public T Of<T>(IReadOnlyList<T> items) => items[Below(items.Count)];
}

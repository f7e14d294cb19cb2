using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;

namespace Pm.Trust.Tuf;

/// <summary>
/// What the roles of hash bins are called and speak for: a power of two of them, each for the paths whose SHA-256 begins as its
/// own prefixes do. Source: TUF 4.5 and PEP 458, hashed bins.
/// </summary>
public static class BinRoles
{
    /// <summary>The name of each begins so.</summary>
    public const string Prefix = "bin-";

    const int DigitBits = 4;

    /// <summary>By number, so that more bins keep the names of fewer: a snapshot must go on naming what it named.</summary>
    public static string NameOf(int bin) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{bin:x}");

    /// <summary>The prefixes of one bin.</summary>
    /// <param name="bin">Its number, from 0.</param>
    /// <param name="count">How many bins there are: a power of two.</param>
    public static ImmutableArray<string> PrefixesOf(int bin, int count)
    {
        var digits = (BitOperations.Log2((uint)count) + DigitBits - 1) / DigitBits;
        var each = (1 << (digits * DigitBits)) / count;
        return [.. Enumerable.Range(bin * each, each).Select(prefix => prefix.ToString($"x{digits}", CultureInfo.InvariantCulture))];
    }

    /// <summary>How many bins it is that are delegated to, by their names and prefixes; null where it is nobody, or others.</summary>
    public static int? CountIn(Delegations? delegations)
    {
        if (delegations is null || !BitOperations.IsPow2(delegations.Roles.Length))
        {
            return null;
        }

        var count = delegations.Roles.Length;
        return Enumerable.Range(0, count).All(bin => delegations.Roles[bin].Name == NameOf(bin)
            && (delegations.Roles[bin].PathHashPrefixes?.SequenceEqual(PrefixesOf(bin, count)) ?? false))
            ? count
            : null;
    }
}

using System.Buffers.Binary;
using System.Numerics;
using System.Text;
using Pm.Codecs;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>
/// The bins that the targets of a large repository lie in: a power of two of delegated roles, each for the paths whose
/// SHA-256 begins as its own prefixes do. A change then costs its bin and the snapshot, which are about as long.
/// Source: TUF 4.5 and PEP 458, hashed bins.
/// </summary>
sealed class HashBins
{
    /// <summary>Who signs for all bins.</summary>
    public const string Role = "bins";

    /// <summary>The name of each begins so.</summary>
    public const string Prefix = BinRoles.Prefix;

    const int Fewest = 16;

    /// <summary>Where the keys of the targets lie offline, so that more bins need a journey: good for tens of thousands of targets.</summary>
    public const int FewestOffline = 256;

    const int Most = MetadataLimits.DelegatedRoles;

    /// <summary>A target takes some twenty times the bytes that its bin takes in the snapshot.</summary>
    const int TargetsPerSquare = 8;

    readonly int _bits;

    /// <param name="count">A power of two.</param>
    public HashBins(int count)
    {
        Count = BitOperations.IsPow2(count) ? count : throw new ArgumentException($"{count} is no power of two", nameof(count));
        _bits = BitOperations.Log2((uint)count);
    }

    public int Count { get; }

    /// <summary>How many bins serve <paramref name="targets"/> targets: 128 up to 2,048, 1,024 up to 131,072, twice as many for four times that.</summary>
    public static int CountFor(long targets)
    {
        var count = Fewest;
        while (count < Most && targets > (long)count * count / TargetsPerSquare)
        {
            count *= 2;
        }

        return count;
    }

    /// <summary>The bins that targets.json delegates to; null where it delegates to nobody, or otherwise.</summary>
    public static HashBins? Of(Delegations? delegations) => BinRoles.CountIn(delegations) is { } count ? new HashBins(count) : null;

    /// <summary>Who signs for the bins; null where there are none.</summary>
    public static RoleKeys? KeysOf(Delegations? delegations) => Of(delegations) is null ? null : delegations!.Roles[0].Keys;

    /// <summary>By number, so that more bins keep the names of fewer: a snapshot must go on naming what it named.</summary>
    public static string NameOf(int bin) => BinRoles.NameOf(bin);

    /// <summary>The bin of a target's path.</summary>
    public int BinOf(string path) => _bits == 0 ? 0
        : (int)(BinaryPrimitives.ReadUInt32BigEndian(Sha256Digest.Of(Encoding.UTF8.GetBytes(path)).Bytes) >> (32 - _bits));

    /// <param name="keys">Those that sign for each bin, among others.</param>
    /// <param name="roleKeys">Which of them, and how many.</param>
    public Delegations ToDelegations(IEnumerable<TufKey> keys, RoleKeys roleKeys) => new(
        keys.Where(key => roleKeys.KeyIds.Contains(key.Id)).DistinctBy(key => key.Id).ToDictionary(key => key.Id),
        [.. Enumerable.Range(0, Count).Select(bin => new DelegatedRole(NameOf(bin), roleKeys, null, BinRoles.PrefixesOf(bin, Count), IsTerminating: true))]);
}

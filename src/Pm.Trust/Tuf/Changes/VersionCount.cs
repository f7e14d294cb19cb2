namespace Pm.Trust.Tuf.Changes;

/// <summary>Versions of metadata follow one another, until somebody who held the keys drove them to their end. With other keys counting begins anew.</summary>
public static class VersionCount
{
    /// <summary>No honest repository comes here by counting: who holds the keys pushed it there, so that no version could follow.</summary>
    public const long LastCounted = 1L << 40;

    /// <summary>
    /// Whether clients that have the next root forget what the present keys of a role signed, also those that took that root in an earlier run
    /// and see no rotation any more (TUF 5.3.11): too few of the keys are in both. A key is its value: who signs can write any id beside it.
    /// </summary>
    public static bool IsForgotten(RootMetadata present, RootMetadata next, string role)
    {
        ArgumentNullException.ThrowIfNull(present);
        ArgumentNullException.ThrowIfNull(next);
        return Values(present, role).Intersect(Values(next, role)).Count() < next.Roles[role].Threshold;
    }

    static IEnumerable<string> Values(RootMetadata root, string role) =>
        root.Roles[role].KeyIds.Select(id => root.Keys.GetValueOrDefault(id)?.PublicHex ?? id);
}

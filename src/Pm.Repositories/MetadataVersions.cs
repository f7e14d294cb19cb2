using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary>Which version follows. Pure.</summary>
static class MetadataVersions
{
    /// <summary>Of these clients forget, with the root that comes with a change, what they knew.</summary>
    public static IReadOnlyCollection<string> Forgotten(RootMetadata? present, RootMetadata? next) => present is null || next is null ? []
        : [.. ChangeApplication.Online.Where(role => VersionCount.IsForgotten(present, next, role))];

    /// <summary>
    /// The version after this one. Where somebody drove it to its end counting begins anew, if no client holds the new version against one that it
    /// knew: of targets and bins that is in the snapshot, of the snapshot in the snapshot and in the timestamp (TUF 5.4.3, 5.5.5).
    /// </summary>
    /// <param name="role">root's are never driven forward: who could has the repository.</param>
    /// <param name="version">The present one.</param>
    /// <param name="forgotten">See <see cref="Forgotten"/>.</param>
    /// <param name="remedy">The command that gives roles other keys.</param>
    /// <exception cref="RepositoryException">PM5017: none can follow.</exception>
    public static long After(string role, long version, IReadOnlyCollection<string> forgotten, Func<IEnumerable<string>, string> remedy)
    {
        var isAnew = role switch
        {
            "timestamp" => forgotten.Contains("timestamp"),
            "snapshot" => forgotten.Contains("timestamp") && forgotten.Contains("snapshot"),
            _ => forgotten.Contains("snapshot"),
        };
        return version < VersionCount.LastCounted ? version + 1
            : isAnew ? 1
            : version < StrictJson.MaximumInteger ? version + 1
            : throw new RepositoryException("PM5017",
                $"{role}: version {version} is the last that metadata can have: somebody who held the keys drove it there",
                remedy(["snapshot", "timestamp", role]));
    }
}

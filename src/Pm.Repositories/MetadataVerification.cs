using Pm.Linux;
using Pm.Trust;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <summary>Reads the metadata as a new client does, from the first root on.</summary>
static class MetadataVerification
{
    /// <returns>Null where a client would accept it; else what it would say, and of which file.</returns>
    public static RepositoryFinding? Run(DirectoryHandle served, DateTimeOffset now)
    {
        var name = RepositoryLayout.Metadata("root", 1);
        try
        {
            var set = TrustedMetadataSet.Start(Read(served, name), now, remote: null);
            for (var version = 2L; served.Status(name = RepositoryLayout.Metadata("root", version)) is not null; version++)
            {
                set.UpdateRoot(Read(served, name));
            }

            name = RepositoryLayout.Metadata("root", set.Root.Content.Version);
            set.RequireCurrentRoot();
            name = RepositoryLayout.Metadata("timestamp");
            set.UpdateTimestamp(Read(served, name));
            name = RepositoryLayout.Metadata("snapshot", set.Timestamp!.Content.Snapshot.Version);
            set.UpdateSnapshot(Read(served, name));
            name = RepositoryLayout.Metadata("targets", set.NamedTargets.Version);
            set.UpdateTargets(Read(served, name));
            foreach (var role in set.Delegations?.Spelled().Roles ?? [])
            {
                name = RepositoryLayout.Metadata(role.FileStem, set.NamedDelegated(role).Version);
                set.ReadDelegated(set.FromTargets(role), Read(served, name));
            }

            return null;
        }
        catch (Exception exception) when (exception is TrustException or SystemCallException or FileNotFoundException)
        {
            return new RepositoryFinding(FindingKind.Metadata, $"{RepositoryLayout.Served}/{name}", exception.Message);
        }
    }

    static byte[] Read(DirectoryHandle served, string name) =>
        served.TryReadFile(name, MetadataLimits.Any) ?? throw new FileNotFoundException("it is missing");
}

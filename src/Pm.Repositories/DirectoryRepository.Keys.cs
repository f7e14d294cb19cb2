using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <content>The keys of the roles.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>Which keys sign for which role.</summary>
    public IReadOnlyList<RoleKeyInfo> Keys()
    {
        using var directory = DirectoryHandle.Open(System.IO.Path.Join(Path, RepositoryLayout.Keys));
        var files = new RoleKeyFiles(directory);
        return With<IReadOnlyList<RoleKeyInfo>>(state => [.. RolesOf(state).Select(role =>
        {
            var keys = role == HashBins.Role ? state.Targets.Delegations!.Roles[0].Keys : state.Root.Roles[role];
            var secret = files.Find(role).Count(key => keys.KeyIds.Contains(key.Public.Id));
            return new RoleKeyInfo(role, [.. keys.KeyIds], keys.Threshold, secret >= keys.Threshold, ExpiryOf(state, role));
        })]);
    }

    static IEnumerable<string> RolesOf(RepositoryState state) =>
        state.Bins is null ? RootMetadata.TopLevelRoles : RootMetadata.TopLevelRoles.Append(HashBins.Role);

    /// <summary>Gives a role a new key in place of its old ones. Clients follow through the signed chain of roots.</summary>
    /// <returns>The new fingerprint of the repository. Old ones stay good for first trust.</returns>
    /// <exception cref="RepositoryException">PM5006: the root's key, or another that is needed, lies elsewhere.</exception>
    public RootFingerprint RotateKey(string role, RepositoryAccess access)
    {
        using var writer = RepositoryWriter.Open(Path, access);
        using var log = LocalLog.Open(this, access);
        return log.Around([new(AuditedChange.ReplacingKey, role)], () => RotateKey(role, writer, access), _ => true);
    }

    RootFingerprint RotateKey(string role, RepositoryWriter writer, RepositoryAccess access)
    {
        var state = RepositoryState.Load(writer.Served);
        var commit = Commit(writer, access);
        if (role == HashBins.Role)
        {
            RotateBins(writer, state, commit);
            return RootFingerprint.Of(state.RootBytes);
        }

        var rootKeys = writer.Keys.Require("root");
        var fresh = SecretKey.Create();
        writer.Keys.Replace(role, [.. writer.Keys.Require(role), fresh]);
        if (role != "root")
        {
            // Old and new key sign first, so that the metadata is good under the old root and under the new: a crash
            // between the two leaves a state that every client accepts.
            commit.RenewTargets(state, []);
        }

        commit.PublishRoot(NextRoot(state.Root, role, fresh.Public, commit), role == "root" ? [.. rootKeys, fresh] : rootKeys);
        writer.Keys.Replace(role, [fresh]);
        return RootFingerprint.Of(RepositoryState.Load(writer.Served).RootBytes);
    }

    /// <summary>The old key signs with the new one until the state in which only the new one counts is there.</summary>
    static void RotateBins(RepositoryWriter writer, RepositoryState state, MetadataCommit commit)
    {
        if (state.Bins is null)
        {
            throw new RepositoryException("PM5011", "there are no bins: targets.json names the packages itself, so its key is the one to replace");
        }

        var fresh = SecretKey.Create();
        writer.Keys.Replace(HashBins.Role, [.. writer.Keys.Require(HashBins.Role), fresh]);
        commit.RotateBins(state, fresh.Public);
        writer.Keys.Replace(HashBins.Role, [fresh]);
    }

    static RootMetadata NextRoot(RootMetadata root, string role, TufKey fresh, MetadataCommit commit)
    {
        var roles = new Dictionary<string, RoleKeys>(root.Roles) { [role] = new RoleKeys([fresh.Id], 1) };
        var used = roles.Values.SelectMany(keys => keys.KeyIds).ToHashSet();
        return new RootMetadata
        {
            Version = root.Version + 1,
            Expires = commit.Expiry("root"),
            IsConsistentSnapshot = root.IsConsistentSnapshot,
            Keys = root.Keys.Append(new(fresh.Id, fresh)).Where(key => used.Contains(key.Key)).ToDictionary(),
            Roles = roles,
        };
    }

    static DateTimeOffset ExpiryOf(RepositoryState state, string role) => role switch
    {
        "root" => state.Root.Expires,
        "targets" => state.Targets.Expires,
        "snapshot" => state.Snapshot.Expires,
        HashBins.Role => Enumerable.Range(0, state.Bins!.Count).Min(bin => state.ReadBin(bin).Expires),
        _ => state.Timestamp.Expires,
    };
}

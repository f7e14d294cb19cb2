using Pm.Linux;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Auditing;
using Pm.Trust.Tuf;

namespace Pm.Repositories;

/// <content>Withdrawing, removing, renewing.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>Withdraws a version: nobody is given it any more who does not name it exactly; its bytes stay.</summary>
    /// <returns>False where it was so already.</returns>
    /// <exception cref="RepositoryException">PM5005: it is not published.</exception>
    public bool Yank(PackageId id, string? reason, RepositoryAccess access) =>
        Change(id, new(AuditedChange.Yanking, id.ToString(), reason), package => package with { IsYanked = true, YankReason = reason }, access);

    /// <summary>Takes a withdrawal back.</summary>
    /// <returns>False where there was none.</returns>
    /// <exception cref="RepositoryException">PM5005: it is not published.</exception>
    public bool Unyank(PackageId id, RepositoryAccess access) =>
        Change(id, new(AuditedChange.Unyanking, id.ToString()), package => package with { IsYanked = false, YankReason = null }, access);

    /// <summary>Removes versions and what only they needed. Clients that hold one in a lockfile will miss it: prefer to yank.</summary>
    /// <returns>What was removed from the disk.</returns>
    /// <exception cref="RepositoryException">PM5005: one is not published; nothing is removed.</exception>
    public CollectedGarbage Remove(IReadOnlyCollection<PackageId> ids, RepositoryAccess access)
    {
        using var writer = OpenWriter(access);
        using var log = LocalLog.Open(this, access);
        return log.Around(ids.Select(id => new AuditedChange(AuditedChange.Removing, id.ToString())), Apply, _ => true);

        CollectedGarbage Apply()
        {
            var state = RepositoryState.Load(writer.Served);
            Commit(writer, state, access).Publish(state, ids.Distinct().ToDictionary(id => Require(state, id).TargetPath, _ => (TargetFile?)null));
            return GarbageCollection.Run(writer, RepositoryState.Load(writer.Served), isDryRun: false);
        }
    }

    /// <summary>Removes files that nothing published needs.</summary>
    /// <exception cref="RepositoryException">PM5008: a list of blobs is damaged, so it cannot be told what is needed.</exception>
    public CollectedGarbage CollectGarbage(bool isDryRun, RepositoryAccess access)
    {
        using var writer = OpenWriter(access);
        return GarbageCollection.Run(writer, RepositoryState.Load(writer.Served), isDryRun);
    }

    /// <summary>
    /// Signs the present state again, so that clients go on believing it. Root and targets whose keys lie elsewhere stay as they
    /// are: <see cref="Renew"/> lets their keepers sign.
    /// </summary>
    /// <param name="onlyIfNeeded">Only roles that have less than half of their time left, for a timer.</param>
    /// <param name="access">Who renews.</param>
    /// <returns>The roles that were renewed; none where nothing was needed.</returns>
    /// <exception cref="RepositoryException">PM5006: a key of the snapshot, the timestamp or the bins is missing.</exception>
    public IReadOnlyList<string> Refresh(bool onlyIfNeeded, RepositoryAccess access)
    {
        using var writer = OpenWriter(access);
        var state = RepositoryState.Load(writer.Served);
        var commit = Commit(writer, state, access);
        var plan = PlanRenewal(onlyIfNeeded, state, writer.Home, writer.Keys, access.Time.GetUtcNow());
        if (plan.Root)
        {
            RenewRoot(writer, state, commit);
        }

        if (plan.Targets)
        {
            commit.RenewTargets(state, plan.Bins);
        }
        else if (plan.Snapshot)
        {
            commit.RenewSnapshot(state, plan.Bins);
        }
        else if (plan.Timestamp)
        {
            commit.RenewTimestamp(state);
        }
        else
        {
            commit.WriteCopies();
        }

        return plan.Roles;
    }

    /// <summary>The roles that <see cref="Refresh"/> would renew now.</summary>
    /// <exception cref="RepositoryException">PM5006: a key of the snapshot, the timestamp or the bins is missing.</exception>
    public IReadOnlyList<string> ToRefresh(bool onlyIfNeeded, RepositoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(access);
        using var home = DirectoryHandle.Open(Path);
        using var keys = OpenKeys();
        return With(state => PlanRenewal(onlyIfNeeded, state, home, new RoleKeyFiles(keys, access.Keys, Path), access.Time.GetUtcNow()).Roles);
    }

    RenewalPlan PlanRenewal(bool onlyIfNeeded, RepositoryState state, DirectoryHandle home, RoleKeyFiles keys, DateTimeOffset now)
    {
        bool IsDue(string role, DateTimeOffset expires) => expires - now < _settings.Lifetimes.Of(role) / 2;
        bool CanSign(string role, DateTimeOffset expires) => keys.CanSign(role, state.Root.Roles[role]) && !IsHeldUp(home, role, expires - now);

        // Who pulls reads a renewed bin again, so one is only renewed when it has to be.
        var bins = Enumerable.Range(0, state.Bins?.Count ?? 0).Where(bin => IsDue(HashBins.Role, state.ReadBin(bin).Expires)).ToList();
        var targets = (!onlyIfNeeded || IsDue("targets", state.Targets.Expires)) && CanSign("targets", state.Targets.Expires);
        var snapshot = targets || !onlyIfNeeded || bins.Count > 0 || IsDue("snapshot", state.Snapshot.Expires);
        var timestamp = snapshot || IsDue("timestamp", state.Timestamp.Expires);
        _ = (timestamp ? keys.Signers("timestamp", state.Root.Roles["timestamp"]) : [], snapshot ? keys.Signers("snapshot", state.Root.Roles["snapshot"]) : [],
            bins.Count > 0 ? keys.Signers(HashBins.Role, state.BinKeys) : []);
        return new RenewalPlan(IsDue("root", state.Root.Expires) && CanSign("root", state.Root.Expires), bins, targets, snapshot, timestamp);
    }

    /// <summary>
    /// While a change of root or targets waits for signatures another one would make it stale. That is worse than to wait for it only as long
    /// as nobody is locked out.
    /// </summary>
    bool IsHeldUp(DirectoryHandle home, string role, TimeSpan left) => left >= _settings.Lifetimes.Of(role) / 4 && PendingChange.Waits(home, role);

    static void RenewRoot(RepositoryWriter writer, RepositoryState state, MetadataCommit commit)
    {
        var root = new RootMetadata
        {
            Version = state.Root.Version + 1,
            Expires = commit.Expiry("root"),
            IsConsistentSnapshot = state.Root.IsConsistentSnapshot,
            Keys = state.Root.Keys,
            Roles = state.Root.Roles,
        };
        commit.PublishRoot(root.Version, RoleSigner.Sign(root, writer.Keys.Signers("root", state.Root.Roles["root"])));
    }

    bool Change(PackageId id, AuditedChange audited, Func<AvailablePackage, AvailablePackage> change, RepositoryAccess access)
    {
        using var writer = OpenWriter(access);
        using var log = LocalLog.Open(this, access);
        return log.Around([audited], () => Change(writer, id, change, access), isChanged => isChanged);
    }

    bool Change(RepositoryWriter writer, PackageId id, Func<AvailablePackage, AvailablePackage> change, RepositoryAccess access)
    {
        var state = RepositoryState.Load(writer.Served);
        var commit = Commit(writer, state, access);
        var before = Require(state, id);
        var after = before with { Package = change(before.Package) };
        if (after == before)
        {
            commit.WriteCopies();
            return false;
        }

        commit.Publish(state, new Dictionary<string, TargetFile?>
        {
            [before.TargetPath] = state.FindFile(before.TargetPath)! with { Custom = PublishedText.Of(after) },
        });
        return true;
    }

    PublishedTarget Require(RepositoryState state, PackageId id) => state.Find(id)
        ?? throw new RepositoryException("PM5005", $"{Path}: {id} is not published here", $"pm repo list {Path}");
}

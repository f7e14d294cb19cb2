using System.Collections.Immutable;
using Pm.Linux;
using Pm.Repositories.Auditing;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <content>The keys of the roles, and changes that wait for signatures.</content>
public sealed partial class DirectoryRepository
{
    /// <summary>A role whose keepers have to come together is told of that long before.</summary>
    static readonly TimeSpan OfflineNotice = TimeSpan.FromDays(30);

    /// <summary>A role that a timer renews is told of when the timer evidently does not.</summary>
    static readonly TimeSpan OnlineNotice = TimeSpan.FromDays(7);

    /// <summary>Which keys sign for which role.</summary>
    public IReadOnlyList<RoleKeyInfo> Keys()
    {
        using var directory = OpenKeys();
        var files = new RoleKeyFiles(directory, [], Path);
        return With<IReadOnlyList<RoleKeyInfo>>(state => [.. RolesOf(state).Select(role =>
        {
            var keys = role == HashBins.Role ? state.BinKeys! : state.Root.Roles[role];
            var here = files.Find(role).Select(key => key.Public.Id).Where(keys.KeyIds.Contains).ToHashSet();
            return new RoleKeyInfo(role, [.. keys.KeyIds], keys.Threshold, here.Count >= keys.Threshold, ExpiryOf(state, role)) { Here = [.. keys.KeyIds.Where(here.Contains)] };
        })]);
    }

    /// <summary>The roles that soon are not believed any more: those that are signed elsewhere a month before, others a week.</summary>
    public IReadOnlyList<RoleExpiry> Expiring(DateTimeOffset now) =>
    [
        .. Keys().Select(key => new RoleExpiry(key.Role, key.Expires, key.Expires - now, key.IsSecretHere))
            .Where(role => role.Left <= Notice(role)).Select(role => role with { IsHeldUp = IsHeldUp(role) }).OrderBy(role => role.Expires),
    ];

    /// <summary>Null: somebody put back what is served, and nothing else; the first writer makes it.</summary>
    DirectoryHandle? OpenKeys() => DirectoryHandle.TryOpen(System.IO.Path.Join(Path, RepositoryLayout.Keys));

    /// <summary>The roles that are not believed any more; the first to expire first.</summary>
    public IReadOnlyList<RoleExpiry> Expired(DateTimeOffset now) => [.. Expiring(now).Where(role => role.Left <= TimeSpan.Zero)];

    /// <summary>The keys that sign at every change and are not here; null: all are.</summary>
    public MissingKeys? Missing
    {
        get
        {
            using var home = DirectoryHandle.Open(Path);
            using var directory = OpenKeys();
            var files = new RoleKeyFiles(directory, [], Path);
            return With(state => LostKeys.Of(state, files) is { Count: > 0 } roles ? new MissingKeys([.. roles], LostKeys.Remedy(home, state, files)) : null);
        }
    }

    /// <summary>Of a role whose keys lie elsewhere any change that waits does it: there can be no second one.</summary>
    bool IsHeldUp(RoleExpiry role)
    {
        using var home = DirectoryHandle.Open(Path);
        return role.IsSecretHere ? IsHeldUp(home, role.Role, role.Left) : PendingChange.IsThere(home);
    }

    /// <summary>The change that waits for signatures; null: none.</summary>
    /// <exception cref="RepositoryException">PM5008: its file is damaged.</exception>
    public RepositoryChange? Pending
    {
        get
        {
            using var home = DirectoryHandle.Open(Path);
            return PendingChange.Read(home);
        }
    }

    /// <summary>Whether there is a change that is not published: it waits for signatures, is just being published, does not fit any more, or is damaged.</summary>
    public bool HasPending
    {
        get
        {
            using var home = DirectoryHandle.Open(Path);
            return PendingChange.IsThere(home);
        }
    }

    /// <summary>Whether somebody has to do something about a change: what is just being published comes to its end by itself, or the next writer ends it.</summary>
    public bool IsChangeWaiting
    {
        get
        {
            try
            {
                return Pending is { } change && (!change.IsComplete || !With(state => ChangeApplication.Fits(change, state)));
            }
            catch (RepositoryException)
            {
                // Damaged: it has to be given up.
                return true;
            }
        }
    }

    /// <summary>Gives a role a new key in place of its old ones. Clients follow through the signed chain of roots.</summary>
    /// <returns>The new fingerprint of the repository. Old ones stay good for first trust.</returns>
    /// <exception cref="RepositoryException">PM5006: the root's key lies elsewhere.</exception>
    public RootFingerprint RotateKey(string role, RepositoryAccess access)
    {
        var outcome = ChangeKeys(new KeyChange { Rotated = [role] }, isDryRun: false, access);
        return outcome.IsTaken ? outcome.Fingerprint!.Value
            : throw new RepositoryException("PM5006", $"{Path}: the new key of {role} waits for signatures of keys that lie elsewhere", "pm repo sign FILE --key KEY");
    }

    /// <summary>Changes who signs. Where all who must sign do so at once it is published, else it waits in <c>pending.json</c>.</summary>
    /// <exception cref="RepositoryException">PM5013: it cannot be done so; PM5014: another change waits; PM5019: one was finished instead; PM5011: there are no bins.</exception>
    public ChangeOutcome ChangeKeys(KeyChange wanted, bool isDryRun, RepositoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        return Change(string.Join(' ', wanted.Roles), planner => planner.Keys(wanted), isDryRun, access);
    }

    /// <summary>Lets root, targets or both be signed anew, wherever their keys lie.</summary>
    /// <exception cref="RepositoryException">PM5014: another change waits; PM5019: one was finished instead.</exception>
    public ChangeOutcome Renew(IReadOnlyCollection<string> roles, bool isDryRun, RepositoryAccess access) =>
        Change(string.Join(' ', roles), planner => planner.Renewal(roles), isDryRun, access);

    /// <summary>Gives up the change that waits, and the secret keys that were made for it.</summary>
    /// <exception cref="RepositoryException">PM5015: none waits; PM5019: clients may have seen some of it, and it was finished instead.</exception>
    public void DropPending(RepositoryAccess access)
    {
        // Not as other writers: they would publish what is to be given up.
        using var writer = RepositoryWriter.Open(Path, access);
        if (!PendingChange.IsThere(writer.Home))
        {
            throw new RepositoryException("PM5015", $"{Path}: no change waits here");
        }

        var change = TryReadPending(writer);
        if (change is not null && ChangeApplication.IsBegun(change, RepositoryState.Load(writer.Served)) && TryPublish(writer, change, access))
        {
            throw new RepositoryException("PM5019", $"{Path}: a part of the change was published already, and it is finished now: there is nothing to give up",
                $"pm repo key {Path} shows the keys");
        }

        using var log = LocalLog.Open(this, access);
        log.Around([new(AuditedChange.Dropping, "")], Drop, _ => true);

        bool Drop()
        {
            GiveUp(writer, change);
            return true;
        }
    }

    static RepositoryChange? TryReadPending(RepositoryWriter writer)
    {
        try
        {
            return PendingChange.Read(writer.Home);
        }
        catch (RepositoryException)
        {
            return null;
        }
    }

    /// <param name="writer">The repository.</param>
    /// <param name="change">Its secret keys go, too, where they are not those of the present state; null: it is damaged, and nobody knows which they are.</param>
    static void GiveUp(RepositoryWriter writer, RepositoryChange? change)
    {
        var state = RepositoryState.Load(writer.Served);
        PendingChange.Remove(writer.Home);
        foreach (var role in RoleKey.Roles)
        {
            var present = (role == HashBins.Role ? state.BinKeys : state.Root.Roles[role])?.KeyIds ?? [];
            var there = writer.Keys.Find(role);
            var next = change is not null ? NextKeys(role, change)
                : there.Any(key => present.Contains(key.Public.Id)) ? there.Select(key => key.Public.Id) : [];
            var gone = next.Except(present).ToHashSet();
            if (there.Any(key => gone.Contains(key.Public.Id)))
            {
                writer.Keys.Replace(role, [.. there.Where(key => !gone.Contains(key.Public.Id))]);
            }
        }
    }

    static ImmutableSortedSet<string> NextKeys(string role, RepositoryChange change) =>
        role == HashBins.Role ? HashBins.KeysOf(change.NextTargets?.Delegations)?.KeyIds ?? [] : change.NextRoot.Roles[role].KeyIds;

    /// <summary>Adds the signatures of a copy of the change that waits, and of the keys that were brought; publishes it when there are enough.</summary>
    /// <param name="path">Of the repository; one that is being made has no metadata yet.</param>
    /// <param name="copy">The copy.</param>
    /// <param name="isDryRun">Only says what would come of it.</param>
    /// <param name="access">Who takes it.</param>
    /// <exception cref="RepositoryException">PM5015: another change waits, or none; PM5016: the repository was changed meanwhile.</exception>
    /// <exception cref="ChangeException">PM3028: it expired, or a version does not follow.</exception>
    public static ChangeOutcome TakeSignatures(string path, RepositoryChange copy, bool isDryRun, RepositoryAccess access)
    {
        ArgumentNullException.ThrowIfNull(copy);
        RequirePlace(path);
        using var writer = RepositoryWriter.Open(path, access);
        var there = PendingChange.Read(writer.Home)
            ?? throw new RepositoryException("PM5015", $"{path}: no change waits here: it was published already, or given up", $"pm repo key {path}");
        if (!there.IsSameContent(copy))
        {
            throw new RepositoryException("PM5015", $"{path}: this is not the change that waits here", $"pm repo sign {path}/{RepositoryLayout.Pending} shows that one");
        }

        var now = access.Time.GetUtcNow();
        var merged = access.Keys.Aggregate(there.With(copy), (change, key) => change.SignWhereKnown(key));
        merged.RequireSound(now);
        var isFirst = there.CurrentRoot is null;
        if (isDryRun)
        {
            return new ChangeOutcome(merged, false, null);
        }

        using var log = isFirst ? null : LocalLog.Open(Open(path), access);
        return log is null ? Take() : log.Around([new(AuditedChange.Taking, string.Join(' ', merged.Needs.Select(need => need.Role).Distinct()))], Take, outcome => outcome.IsTaken);

        ChangeOutcome Take()
        {
            if (!isFirst && !ChangeApplication.Fits(merged, RepositoryState.Load(writer.Served)))
            {
                throw Stale(path);
            }

            PendingChange.Write(writer.Home, merged);
            return merged.IsComplete ? Publish(path, writer, merged, now) : new ChangeOutcome(merged, false, null);
        }
    }

    static RepositoryException Stale(string path) => new(
        "PM5016", $"{path}: the repository was changed since this change was made: it does not follow what is published now",
        $"pm repo sign --drop --repo {path}, and make it again");

    static void RequirePlace(string path)
    {
        using var directory = DirectoryHandle.TryOpen(System.IO.Path.Join(path, RepositoryLayout.Staged));
        if (directory is null && FileStatus.OfLink(System.IO.Path.Join(path, RepositoryLayout.Served, RepositoryLayout.Metadata("timestamp"))) is null)
        {
            throw new RepositoryException("PM5001", $"{path}: not a repository: {path}/{RepositoryLayout.Staged} is not there", $"pm repo init {path}");
        }
    }

    static ChangeOutcome Publish(string path, RepositoryWriter writer, RepositoryChange change, DateTimeOffset now)
    {
        var application = new ChangeApplication(writer, ReadSettings(writer.Home, path), now);
        if (writer.Served.Status(RepositoryLayout.Metadata("timestamp")) is null)
        {
            application.RunFirst(change);
        }
        else
        {
            application.Run(change);
        }

        return new ChangeOutcome(change, true, RootFingerprint.Of(RepositoryState.Load(writer.Served).RootBytes));
    }

    ChangeOutcome Change(string subject, Func<ChangePlanner, PlannedChange> plan, bool isDryRun, RepositoryAccess access)
    {
        var now = access.Time.GetUtcNow();
        if (isDryRun)
        {
            RequireNoPending();
            using var directory = OpenKeys();
            var dry = With(state => plan(new ChangePlanner(state, new RoleKeyFiles(directory, access.Keys, Path), _settings, now)));
            return new ChangeOutcome(Required(dry), false, Fingerprint) { Fresh = [.. dry.Fresh.Values.SelectMany(keys => keys).Select(key => key.Public.Id)] };
        }

        using var writer = OpenWriter(access, out var isFinished);
        if (isFinished)
        {
            // Most likely the same, given again; done twice it would add or replace keys twice.
            throw new RepositoryException("PM5019", $"{Path}: an earlier change had been interrupted; it is finished now, and nothing else was changed",
                $"pm repo key {Path} shows the keys; give the command again where it asks for more");
        }

        RequireNoPending();

        var settings = _settings;
        PlannedChange Plan() => plan(new ChangePlanner(RepositoryState.Load(writer.Served), writer.Keys, settings, now));
        var planned = Plan();
        var change = Required(planned);
        using var log = LocalLog.Open(this, access);
        return log.Around([new(change.IsComplete ? AuditedChange.ReplacingKey : AuditedChange.Proposing, subject)], Apply, _ => true);

        ChangeOutcome Apply()
        {
            if (planned.IsTargetsOffline && PrepareForOffline(writer, ref settings, now))
            {
                // The packages are in bins by now, and publishing goes on while others sign.
                planned = Plan();
                change = Required(planned);
            }

            foreach (var (role, fresh) in planned.Fresh)
            {
                writer.Keys.Replace(role, [.. writer.Keys.Find(role).Concat(fresh).DistinctBy(key => key.Public.Id)]);
            }

            PendingChange.Write(writer.Home, change);
            return change.IsComplete ? PublishOrGiveUp(writer, change, now)
                : new ChangeOutcome(change, false, RootFingerprint.Of(RepositoryState.Load(writer.Served).RootBytes));
        }
    }

    /// <summary>What is refused at once does not wait: nobody else has signed it.</summary>
    ChangeOutcome PublishOrGiveUp(RepositoryWriter writer, RepositoryChange change, DateTimeOffset now)
    {
        try
        {
            return Publish(Path, writer, change, now);
        }
        catch (Exception exception) when (exception is Trust.TrustException or RepositoryException
            && !ChangeApplication.IsBegun(change, RepositoryState.Load(writer.Served)))
        {
            GiveUp(writer, change);
            throw;
        }
    }

    /// <exception cref="RepositoryException">PM5014.</exception>
    void RequireNoPending()
    {
        if (HasPending)
        {
            throw new RepositoryException("PM5014", $"{Path}: a change waits for signatures already",
                $"pm repo sign {Path}/{RepositoryLayout.Pending} shows it; `pm repo sign --drop --repo {Path}` gives it up");
        }
    }

    /// <summary>
    /// Before the keys of the targets leave: the packages go to bins, and the targets are vouched for as long as the root is; others are so
    /// only when they have left.
    /// </summary>
    /// <returns>Whether something is other than it was.</returns>
    static bool PrepareForOffline(RepositoryWriter writer, ref RepositorySettings settings, DateTimeOffset now)
    {
        var isChanged = false;
        if (settings.Lifetimes.Targets < settings.Lifetimes.Root)
        {
            settings = settings.WithLongTargets();
            isChanged = true;
        }

        var state = RepositoryState.Load(writer.Served);
        if (state.Bins is null && writer.Keys.CanSign("targets", state.Root.Roles["targets"]) && LostKeys.Of(state, writer.Keys).Count == 0)
        {
            new MetadataCommit(writer, settings, now, state.Root)
                .MoveToBins(state, Math.Max(HashBins.FewestOffline, HashBins.CountFor(state.Targets.Targets.Count)));
            isChanged = true;
        }

        return isChanged;
    }

    RepositoryChange Required(PlannedChange planned) =>
        planned.Change ?? throw new RepositoryException("PM5013", $"{Path}: nothing would change");

    /// <summary>The lock; and what a killed process had begun to publish is at its end.</summary>
    RepositoryWriter OpenWriter(RepositoryAccess access) => OpenWriter(access, out _);

    RepositoryWriter OpenWriter(RepositoryAccess access, out bool isFinished)
    {
        var writer = RepositoryWriter.Open(Path, access);
        try
        {
            isFinished = FinishPending(writer, access);
            return writer;
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    /// <returns>Whether there was something to finish, and it was.</returns>
    bool FinishPending(RepositoryWriter writer, RepositoryAccess access) =>
        PendingChange.IsThere(writer.Home) && TryReadPending(writer) is { } change && TryPublish(writer, change, access);

    /// <returns>False: it stays, and who asks for it is told; what was asked for now has nothing to do with it.</returns>
    bool TryPublish(RepositoryWriter writer, RepositoryChange change, RepositoryAccess access)
    {
        try
        {
            if (change.IsComplete && ChangeApplication.Fits(change, RepositoryState.Load(writer.Served)))
            {
                Publish(Path, writer, change, access.Time.GetUtcNow());
                return true;
            }
        }
        catch (Exception exception) when (exception is Trust.TrustException or RepositoryException)
        {
        }

        return false;
    }

    TimeSpan Notice(RoleExpiry role)
    {
        var lifetime = _settings.Lifetimes.Of(role.Role);
        var notice = role.IsSecretHere ? OnlineNotice : OfflineNotice;
        return notice < lifetime / 2 ? notice : lifetime / 2;
    }

    static IEnumerable<string> RolesOf(RepositoryState state) =>
        state.Bins is null ? RootMetadata.TopLevelRoles : RootMetadata.TopLevelRoles.Append(HashBins.Role);

    static DateTimeOffset ExpiryOf(RepositoryState state, string role) => role switch
    {
        "root" => state.Root.Expires,
        "targets" => state.Targets.Expires,
        "snapshot" => state.Snapshot.Expires,
        HashBins.Role => Enumerable.Range(0, state.Bins!.Count).Min(bin => state.ReadBin(bin).Expires),
        _ => state.Timestamp.Expires,
    };
}

using System.Collections.Immutable;
using Pm.Linux;
using Pm.Trust.Tuf;
using Pm.Trust.Tuf.Changes;

namespace Pm.Repositories;

/// <summary>
/// Publishes a change that everybody has signed who must. Where old and new keys are at hand the metadata is signed by both before
/// the next root names the new ones, so that every instant is a state that clients accept; where an old one is lost or was stolen and
/// taken away the root comes first. It stands in <c>pending.json</c> until its end: killed before, the next writer goes on.
/// </summary>
sealed class ChangeApplication(RepositoryWriter writer, RepositorySettings settings, DateTimeOffset now)
{
    /// <summary>These sign at every change, so their keys are here.</summary>
    public static readonly ImmutableArray<string> Online = ["snapshot", "timestamp"];

    /// <summary>Whether a change fits what is published: made of it, or begun to be published already.</summary>
    public static bool Fits(RepositoryChange change, RepositoryState state) =>
        (change.CurrentRoot?.Bytes.Span.TrimEnd((byte)'\n').SequenceEqual(state.RootBytes.AsSpan().TrimEnd((byte)'\n')) == true || IsRootTaken(change, state))
        && (change.Targets is null || state.Targets.Version == change.CurrentTargets?.Content.Version || AreTargetsTaken(change, state));

    /// <summary>Whether clients may have seen some of it, so that it has to come to its end.</summary>
    public static bool IsBegun(RepositoryChange change, RepositoryState state) => IsRootTaken(change, state) || AreTargetsTaken(change, state);

    /// <exception cref="RepositoryException">PM5016: it does not fit what is published, or is not signed by enough; PM5006, PM5017: what belongs to it could not be signed.</exception>
    /// <exception cref="Trust.TrustException">A client would refuse it.</exception>
    public void Run(RepositoryChange change)
    {
        var state = RepositoryState.Load(writer.Served);
        if (!change.IsComplete || !Fits(change, state))
        {
            throw Stale();
        }

        if (!IsBegun(change, state))
        {
            // It may have waited long after the last signature.
            change.RequireSound(now);
        }

        var before = state.Root;
        if (change.Root is not null && !IsRootTaken(change, state))
        {
            RequireAcceptable(change, state);
            if (!state.IsSignedFor(change.NextRoot) && CanBoth(change, state, before))
            {
                NewState(change, state, before, change.NextRoot);
            }

            Commit(before).PublishRoot(change.NextRoot.Version, change.Root.ToBytes());
            state = RepositoryState.Load(writer.Served);
        }

        if ((change.Targets is not null && !AreTargetsTaken(change, state)) || !state.IsSignedFor(state.Root))
        {
            NewState(change, state, state.Root, change.CurrentRoot?.Content ?? state.Root);
        }

        Commit(state.Root).WriteCopies();
        ForgetKeys(change);
        VouchLonger();
        PendingChange.Remove(writer.Home);
    }

    /// <summary>The first state of a repository.</summary>
    public void RunFirst(RepositoryChange change)
    {
        RequireSigners(change);
        var commit = Commit(change.NextRoot);
        commit.PublishRoot(change.NextRoot.Version, change.Root!.ToBytes());
        commit.PublishFirst(change.NextTargets!, change.Targets!.ToBytes());
        PendingChange.Remove(writer.Home);
    }

    /// <summary>The content counts: more signatures may have come since it was begun.</summary>
    static bool IsRootTaken(RepositoryChange change, RepositoryState state) => change.Root?.IsContentOf(state.RootBytes) == true;

    static bool AreTargetsTaken(RepositoryChange change, RepositoryState state) => change.Targets?.IsContentOf(state.TargetsBytes) == true;

    /// <summary>Whether the present targets have to be signed again because the next root names other keys, and nobody else was asked for it.</summary>
    static bool RenewsTargets(RepositoryChange change, RepositoryState state) => change.Targets is null && !state.IsSignedFor("targets", change.NextRoot);

    RepositoryException Stale() => new("PM5016", "the repository was changed since this change was made: it does not follow what is published now",
        $"pm repo sign --drop --repo {writer.Home.Path}, and make it again");

    /// <summary>By the very rules that clients have; and that the rest will satisfy the root, before anybody sees that.</summary>
    void RequireAcceptable(RepositoryChange change, RepositoryState state)
    {
        var set = TrustedMetadataSet.Start(state.RootBytes, now, remote: null);
        set.UpdateRoot(change.Root!.ToBytes());
        set.RequireCurrentRoot();
        RequireSigners(change);
        var renewsTargets = RenewsTargets(change, state);
        if (renewsTargets && !writer.Keys.CanSign("targets", change.NextRoot.Roles["targets"]))
        {
            throw Stale();
        }

        if (!state.IsSignedFor(change.NextRoot) || change.Targets is not null)
        {
            Commit(change, change.NextRoot, null).RequireVersions(
                state, renewsTargets, change.NextTargets is { } targets && targets.Delegations?.Digest != state.Targets.Delegations?.Digest);
        }
    }

    /// <exception cref="RepositoryException">PM5006: a key is missing of those that sign what belongs to the change.</exception>
    void RequireSigners(RepositoryChange change)
    {
        foreach (var role in Online)
        {
            writer.Keys.Signers(role, change.NextRoot.Roles[role]);
        }

        if (HashBins.KeysOf(change.NextTargets?.Delegations) is { } bins)
        {
            writer.Keys.Signers(HashBins.Role, bins);
        }
    }

    /// <summary>Whether what is signed now can be good for both roots.</summary>
    bool CanBoth(RepositoryChange change, RepositoryState state, RootMetadata before)
    {
        var next = change.NextRoot;
        return CanSign(change, state, before) && CanSign(change, state, next)
            && (change.Targets is not { } targets || targets.CountSigners(before.Keys, before.Roles["targets"]) >= before.Roles["targets"].Threshold);
    }

    bool CanSign(RepositoryChange change, RepositoryState state, RootMetadata root) =>
        Online.All(role => writer.Keys.CanSign(role, root.Roles[role])) && (!RenewsTargets(change, state) || writer.Keys.CanSign("targets", root.Roles["targets"]));

    void NewState(RepositoryChange change, RepositoryState state, RootMetadata root, RootMetadata other)
    {
        // Signed as `root` asks; where the keys of the other one are there as well they sign, too.
        var commit = Commit(change, root, CanSign(change, state, other) ? other : null);
        if (change.Targets is { } targets && !AreTargetsTaken(change, state))
        {
            commit.TakeTargets(state, change.NextTargets!, targets.ToBytes());
        }
        else if (RenewsTargets(change, state))
        {
            commit.RenewTargets(state, []);
        }
        else
        {
            commit.RenewSnapshot(state, []);
        }
    }

    /// <summary>Secret keys that no role names any more are of no use to anybody but a thief.</summary>
    void ForgetKeys(RepositoryChange change)
    {
        var state = RepositoryState.Load(writer.Served);
        foreach (var role in RootMetadata.TopLevelRoles.Where(role => change.CurrentRoot?.Content.Roles[role].IsSame(state.Root.Roles[role]) == false))
        {
            Keep(role, state.Root.Roles[role]);
        }

        if (change.Targets is not null && state.BinKeys is { } bins)
        {
            Keep(HashBins.Role, bins);
        }
    }

    void Keep(string role, RoleKeys keys)
    {
        var there = writer.Keys.Find(role);
        var kept = there.Where(key => keys.KeyIds.Contains(key.Public.Id)).ToList();
        if (kept.Count < there.Length)
        {
            writer.Keys.Replace(role, kept);
        }
    }

    /// <summary>From now on targets whose keys lie elsewhere are vouched for as long as the root is: their keepers come together as seldom.</summary>
    void VouchLonger()
    {
        if (settings.Lifetimes.Targets < settings.Lifetimes.Root
            && !writer.Keys.IsHere("targets", RepositoryState.Load(writer.Served).Root.Roles["targets"]))
        {
            DurableFile.Replace(writer.Home, RepositorySettings.FileName, settings.WithLongTargets().ToBytes());
        }
    }

    MetadataCommit Commit(RootMetadata root) => new(writer, settings, now, root);

    MetadataCommit Commit(RepositoryChange change, RootMetadata root, RootMetadata? other) => new(writer, settings, now, root, other)
    {
        Forgotten = MetadataVersions.Forgotten(change.CurrentRoot?.Content, change.NextRoot),
    };
}

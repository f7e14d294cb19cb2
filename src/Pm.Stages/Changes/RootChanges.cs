using System.Collections.Immutable;
using Pm.Packages;
using Pm.Remotes;
using Pm.Remotes.Downloads;
using Pm.Stages.Fetching;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>Carries proposals out on the root of a session: fetch, check, plan, switch. All or nothing.</summary>
public sealed class RootChanges(RootSession session, ChangeOptions options)
{
    /// <summary>Does what <paramref name="proposal"/> says.</summary>
    /// <exception cref="ConflictException">Files stand in each other's way; nothing was changed.</exception>
    /// <exception cref="RolledBackException">It failed half-way and was undone.</exception>
    public async Task<ChangeReport> CarryOutAsync(Proposal proposal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var writer = session.RequireWriter();
        var (target, known) = await GatherAsync(proposal, isDry: false, cancellation);
        return WithOffers(Apply(writer, Planner.Plan(session.Root, session.Store, target, known), cancellation), proposal);
    }

    /// <summary>Finds out what carrying <paramref name="proposal"/> out would do, without writing anything.</summary>
    public async Task<ChangeReport> PreviewAsync(Proposal proposal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var (target, known) = await GatherAsync(proposal, isDry: true, cancellation);
        return WithOffers(Preview(Planner.Plan(session.Root, session.Store, target, known)), proposal);
    }

    /// <summary>Brings packages into the store and installs nothing.</summary>
    /// <returns>In the same order.</returns>
    public async Task<IReadOnlyList<Package>> FetchAsync(IReadOnlyList<ProposedPackage> packages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(packages);
        _ = session.RequireWriter();
        var taken = await TakeAllAsync(packages, isDry: false, cancellation);
        session.Store.Sync();
        return taken;
    }

    /// <summary>As <see cref="FetchAsync"/>, of packages that are not installed; who signed each is told too, null: nobody.</summary>
    public async Task<IReadOnlyList<(Package Package, Trust.OpenPgp.Fingerprint? Signer)>> FetchSignedAsync(
        IReadOnlyList<ProposedPackage> packages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(packages);
        _ = session.RequireWriter();
        var taken = await TakeAsync(packages, isDry: false, cancellation);
        session.Store.Sync();
        return [.. packages.Select(p => (taken[p].Package, taken[p].Signer))];
    }

    /// <summary>Looks at packages, each judged as <see cref="FetchAsync"/> would, without writing anything.</summary>
    /// <returns>In the same order.</returns>
    public Task<IReadOnlyList<Package>> LookAsync(IReadOnlyList<ProposedPackage> packages, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(packages);
        return TakeAllAsync(packages, isDry: true, cancellation);
    }

    /// <summary>Bytes of content that were new to the store, and that it had already.</summary>
    public (long Copied, long Shared) Traffic { get; private set; }

    /// <summary>Goes back to a generation: an ordinary change whose result equals it.</summary>
    public ChangeReport Rollback(int number, CancellationToken cancellation) =>
        Apply(session.RequireWriter(), Planner.PlanRollback(session.Root, session.Store, number), cancellation);

    /// <summary>What <see cref="Rollback"/> would do.</summary>
    public ChangeReport PreviewRollback(int number) => Preview(Planner.PlanRollback(session.Root, session.Store, number));

    /// <summary>Records something about installed packages; no file changes.</summary>
    public ChangeReport Record(Func<InstalledPackage, InstalledPackage> record, CancellationToken cancellation)
    {
        var target = (session.Root.Current?.Packages ?? []).Select(record).ToImmutableArray();
        return Apply(session.RequireWriter(), Planner.Plan(session.Root, session.Store, target), cancellation);
    }

    ChangeReport Apply(RootWriter writer, ChangePlan plan, CancellationToken cancellation)
    {
        var hooks = HooksOf(plan);
        hooks.Decide(plan.Hooks);
        var generation = Transaction.Apply(
            writer,
            plan,
            new TransactionOptions
            {
                Command = options.Command,
                Now = options.Now,
                RunHook = call => hooks.Run(call, cancellation),
                Warn = options.Observer.Note,
            },
            cancellation);
        return new ChangeReport(plan, generation, Traffic.Copied, Traffic.Shared);
    }

    ChangeReport WithOffers(ChangeReport report, Proposal proposal) => report with
    {
        Offers = proposal.Offers,
        Expired = proposal.ExpiredIn(session, options.Now),
    };

    ChangeReport Preview(ChangePlan plan)
    {
        var hooks = HooksOf(plan);
        return new ChangeReport(plan, null, Traffic.Copied, Traffic.Shared)
        {
            Scripts = [.. plan.Hooks.Select(hook => new DueScript(hook, hooks.ObstacleOf(hook.Package)))],
        };
    }

    HookRunner HooksOf(ChangePlan plan) => new(
        options.Hooks, session.HookDirectory, p => IsSigned(plan, p), options.Observer);

    async Task<IReadOnlyList<Package>> TakeAllAsync(IReadOnlyList<ProposedPackage> packages, bool isDry, CancellationToken cancellation)
    {
        var incoming = await TakeAsync([.. packages.Where(p => p.Installed is null)], isDry, cancellation);
        return [.. packages.Select(p => p.Installed is { } installed ? session.Store.Require(installed.Hash) : incoming[p].Package)];
    }

    static bool IsSigned(ChangePlan plan, Package package) => plan.Target.Concat(plan.From?.Packages ?? [])
        .Any(p => p.Hash == package.Hash && p.Signer is not null);

    /// <summary>Brings what is missing into the store, or only looks at it.</summary>
    async Task<(ImmutableArray<InstalledPackage> Target, List<Package> Known)> GatherAsync(
        Proposal proposal, bool isDry, CancellationToken cancellation)
    {
        var incoming = await TakeAsync([.. proposal.Packages.Where(p => p.Installed is null)], isDry, cancellation);
        var target = proposal.Packages.Select(package => package.Installed is { } installed
            ? installed with { IsAsked = package.IsAsked }
            : new InstalledPackage
            {
                Id = incoming[package].Package.Id,
                Hash = incoming[package].Package.Hash,
                Signer = incoming[package].Signer,
                Remote = package.Remote,
                IsAsked = package.IsAsked,
                IsPinned = proposal.From?.Find(package.Id.Name)?.IsPinned ?? false,
            });
        return ([.. target], [.. incoming.Values.Select(i => i.Package)]);
    }

    async Task<Dictionary<ProposedPackage, IncomingPackage>> TakeAsync(
        IReadOnlyList<ProposedPackage> packages, bool isDry, CancellationToken cancellation)
    {
        var intake = new PackageIntake(session.Store, options.Gate, options.Observer)
        {
            IsDry = isDry,
            IsOffline = options.IsOffline,
            Jobs = options.Jobs,
            // A dry run leaves nothing in the root, not even an empty directory.
            ScratchDirectory = isDry ? "/tmp" : Path.Join(session.Root.Path, Root.CacheDirectory, "fetch"),
        };
        if (!isDry)
        {
            session.Partials.Clean(options.Now, PartialFiles.MaximumAge);
        }

        var incoming = await intake.TakeAsync([.. packages.Select(Wanted)], cancellation);
        Traffic = intake.Traffic;
        return packages.Zip(incoming).ToDictionary(p => p.First, p => p.Second);
    }

    WantedPackage Wanted(ProposedPackage package)
    {
        if (package.File is { } file)
        {
            return new WantedPackage.OfFile(file);
        }

        var available = package.Available!;
        var remote = session.Remotes.Find(available.Remote!)!;
        return new WantedPackage.OfRemote(
            session.Client(remote), session.Catalogue.StateOf(remote.Name)!, session.Catalogue.Published(available)!)
        {
            KeyFile = () => KeyFile(package),
            HasRelative = session.Root.Current?.Find(package.Id.Name) is not null,
        };
    }

    /// <summary>The publisher's public key as the repository hands it out; null where none is known to.</summary>
    string? KeyFile(ProposedPackage package)
    {
        if (package.Available is not { Signer: { } signer, Remote: { } name } || session.Remotes.Find(name) is not { } remote)
        {
            return null;
        }

        if (remote.Url.Path is not { } directory)
        {
            // Nobody is asked for the sake of a hint. What other programs made has no such file.
            return remote is { IsPlain: false, Url.Kind: RemoteKind.Http } ? $"{remote.Url}/publishers/{signer}.asc" : null;
        }

        string[] places = [Path.Join(directory, "repository"), directory];
        return places.Select(p => Path.Join(p, "publishers", signer + ".asc")).FirstOrDefault(File.Exists);
    }
}

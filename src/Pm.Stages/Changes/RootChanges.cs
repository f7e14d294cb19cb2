using System.Collections.Immutable;
using Pm.Packages;
using Pm.Remotes;
using Pm.Stages.Hooks;
using Pm.Stages.Roots;
using Pm.Storage;
using Pm.Trust;

namespace Pm.Stages.Changes;

/// <summary>Carries proposals out on the root of a session: fetch, check, plan, switch. All or nothing.</summary>
public sealed class RootChanges(RootSession session, ChangeOptions options)
{
    long _copied;
    long _shared;

    /// <summary>Does what <paramref name="proposal"/> says.</summary>
    /// <exception cref="ConflictException">Files stand in each other's way; nothing was changed.</exception>
    /// <exception cref="RolledBackException">It failed half-way and was undone.</exception>
    public async Task<ChangeReport> CarryOutAsync(Proposal proposal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var writer = session.RequireWriter();
        var (target, known) = await GatherAsync(proposal, isDry: false, cancellation);
        return Apply(writer, Planner.Plan(session.Root, session.Store, target, known), cancellation);
    }

    /// <summary>Finds out what carrying <paramref name="proposal"/> out would do, without writing anything.</summary>
    public async Task<ChangeReport> PreviewAsync(Proposal proposal, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(proposal);
        var (target, known) = await GatherAsync(proposal, isDry: true, cancellation);
        return new ChangeReport(Planner.Plan(session.Root, session.Store, target, known), null, _copied, _shared);
    }

    /// <summary>Brings one package into the store and installs nothing.</summary>
    public async Task<Package> FetchAsync(ProposedPackage package, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(package);
        if (package.Installed is { } installed)
        {
            return session.Store.Require(installed.Hash);
        }

        _ = session.RequireWriter();
        var incoming = await TakeAsync(Intake(isDry: false), package, cancellation);
        _copied += incoming.CopiedBytes;
        _shared += incoming.SharedBytes;
        session.Store.Sync();
        return incoming.Package;
    }

    /// <summary>Bytes of content that were new to the store, and that it had already, so far.</summary>
    public (long Copied, long Shared) Traffic => (_copied, _shared);

    /// <summary>Goes back to a generation: an ordinary change whose result equals it.</summary>
    public ChangeReport Rollback(int number, CancellationToken cancellation) =>
        Apply(session.RequireWriter(), Planner.PlanRollback(session.Root, session.Store, number), cancellation);

    /// <summary>What <see cref="Rollback"/> would do.</summary>
    public ChangeReport PreviewRollback(int number) =>
        new(Planner.PlanRollback(session.Root, session.Store, number), null, 0, 0);

    /// <summary>Records something about installed packages; no file changes.</summary>
    public ChangeReport Record(Func<InstalledPackage, InstalledPackage> record, CancellationToken cancellation)
    {
        var target = (session.Root.Current?.Packages ?? []).Select(record).ToImmutableArray();
        return Apply(session.RequireWriter(), Planner.Plan(session.Root, session.Store, target), cancellation);
    }

    ChangeReport Apply(RootWriter writer, ChangePlan plan, CancellationToken cancellation)
    {
        var hooks = new HookRunner(
            options.Hooks, Path.Join(session.Root.Path, Root.CacheDirectory, "hooks"), p => IsSigned(plan, p), options.Observer);
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
        return new ChangeReport(plan, generation, _copied, _shared);
    }

    static bool IsSigned(ChangePlan plan, Package package) => plan.Target.Concat(plan.From?.Packages ?? [])
        .Any(p => p.Hash == package.Hash && p.Signer is not null);

    /// <summary>Brings what is missing into the store, or only looks at it.</summary>
    async Task<(ImmutableArray<InstalledPackage> Target, List<Package> Known)> GatherAsync(
        Proposal proposal, bool isDry, CancellationToken cancellation)
    {
        var intake = Intake(isDry);
        var target = ImmutableArray.CreateBuilder<InstalledPackage>(proposal.Packages.Length);
        var known = new List<Package>();
        foreach (var package in proposal.Packages)
        {
            if (package.Installed is { } installed)
            {
                target.Add(installed with { IsAsked = package.IsAsked });
                continue;
            }

            var incoming = await TakeAsync(intake, package, cancellation);
            _copied += incoming.CopiedBytes;
            _shared += incoming.SharedBytes;
            known.Add(incoming.Package);
            target.Add(new InstalledPackage
            {
                Id = incoming.Package.Id,
                Hash = incoming.Package.Hash,
                Signer = incoming.Signer,
                Remote = package.Remote,
                IsAsked = package.IsAsked,
                IsPinned = proposal.From?.Find(package.Id.Name)?.IsPinned ?? false,
            });
        }

        return (target.DrainToImmutable(), known);
    }

    PackageIntake Intake(bool isDry) => new(session.Store, options.Gate, options.Observer)
    {
        IsDry = isDry,
        // A dry run leaves nothing in the root, not even an empty directory.
        ScratchDirectory = isDry ? "/tmp" : Path.Join(session.Root.Path, Root.CacheDirectory, "fetch"),
    };

    async Task<IncomingPackage> TakeAsync(PackageIntake intake, ProposedPackage package, CancellationToken cancellation)
    {
        if (package.File is { } file)
        {
            return intake.TakeFile(File.OpenRead(file.Path), file.Name, cancellation);
        }

        var (client, repository, published) = SourceOf(package);
        try
        {
            return await intake.TakeAsync(client, repository, published, cancellation);
        }
        catch (TrustException e) when (e.Code == "PM3004" && KeyFile(package) is { } key)
        {
            throw new TrustException(
                e.Code, e.Message, $"pm key import {key}, compare the fingerprint with its owner's, then pm key trust {package.Available!.Signer}", e);
        }
    }

    /// <summary>The publisher's public key as a repository on this machine hands it out; null where there is none.</summary>
    string? KeyFile(ProposedPackage package)
    {
        if (package.Available is not { Signer: { } signer, Remote: { } name } || session.Remotes.Find(name)?.Url.Path is not { } directory)
        {
            return null;
        }

        string[] places = [Path.Join(directory, "repository"), directory];
        return places.Select(p => Path.Join(p, "publishers", signer + ".asc")).FirstOrDefault(File.Exists);
    }

    (RepositoryClient, PulledRepository, PublishedPackage) SourceOf(ProposedPackage package)
    {
        var available = package.Available!;
        var remote = session.Remotes.Find(available.Remote!)!;
        if (options.IsOffline && remote.Url.Kind is not RemoteKind.File)
        {
            throw new StageException("PM7504", $"{package.Id} is not on this machine, and --offline was given", $"pm fetch {package.Id}");
        }

        return (session.Client(remote),
            session.Catalogue.StateOf(remote.Name)!,
            session.Catalogue.Published(available)!);
    }
}

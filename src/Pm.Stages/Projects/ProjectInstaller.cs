using System.Collections.Immutable;
using Pm.Blobs;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Versions;
using Pm.Resolution;
using Pm.Stages.Building;
using Pm.Stages.Bundles;
using Pm.Stages.Changes;
using Pm.Stages.Roots;
using Pm.Storage;
using Pm.Trust.OpenPgp;

namespace Pm.Stages.Projects;

/// <summary>Brings everything that a lockfile names into the store, by fetching and building, and installs it below the project.</summary>
/// <param name="project">Whose lockfile was the one before: what it names was believed then.</param>
/// <param name="file">What is to be there.</param>
/// <param name="session">Of the project's root, opened to change it.</param>
/// <param name="options">How.</param>
public sealed class ProjectInstaller(Project project, Lockfile file, RootSession session, InstallOptions options)
{
    readonly Dictionary<LockedPackage, InstalledPackage> _there = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<LockedPackage, LocalFile> _atHand = new(ReferenceEqualityComparer.Instance);

    /// <summary>Makes the remotes of the project's root known and asks them; called once, when something has to be fetched.</summary>
    public required Func<Task> PrepareRemotes { get; init; }

    /// <summary>Checks out what is built from source.</summary>
    public required Func<Task<IReadOnlyDictionary<PackageName, SourcePackage>>> CollectSources { get; init; }

    /// <summary>Where locked packages are taken from first; null: nowhere.</summary>
    public VendorDirectory? Vendored { get; init; }

    /// <summary>What packages are taken from next; null: nothing.</summary>
    public ProjectBundle? Bundle { get; init; }

    /// <summary>What was built, in order.</summary>
    public IReadOnlyList<BuiltPackage> Built => _built;

    readonly List<BuiltPackage> _built = [];

    /// <summary>Bytes of content that came into the store, and that it had already.</summary>
    public (long Copied, long Shared) Traffic { get; private set; }

    /// <summary>Brings packages into the store and sources into the cache; nothing is built, nothing installed.</summary>
    public async Task FetchAsync(CancellationToken cancellation)
    {
        await FetchAsync([.. file.Packages.Where(p => p.Source is RemoteSource)], cancellation);
        if (file.Packages.Any(p => p.Source is not RemoteSource))
        {
            _ = await CollectSources();
        }

        session.Store.SyncNames();
    }

    /// <summary>Brings all packages into the store; nothing is installed.</summary>
    /// <returns>Of each what would stand in a generation.</returns>
    public Task<IReadOnlyDictionary<LockedPackage, InstalledPackage>> BringAsync(CancellationToken cancellation) => BringAsync(null, cancellation);

    async Task<IReadOnlyDictionary<LockedPackage, InstalledPackage>> BringAsync(HashSet<LockedPackage>? wanted, CancellationToken cancellation)
    {
        var order = BuildOrder.Of(file).Where(p => wanted?.Contains(p) != false).ToList();
        await FetchAsync([.. order.Where(p => p.Source is RemoteSource)], cancellation);
        if (order.Any(p => p.Source is not RemoteSource))
        {
            var sources = await CollectSources();
            foreach (var package in order.Where(p => p.Source is not RemoteSource))
            {
                await BuildAsync(package, sources[package.Id.Name], cancellation);
            }
        }

        return _there;
    }

    /// <summary>Fetches what is named without a package hash, as plain remotes offer it, so that the lockfile can say it.</summary>
    public async Task<Lockfile> CompleteAsync(CancellationToken cancellation)
    {
        var hashless = file.Packages.Where(p => p is { Source: RemoteSource, Hash: null }).ToList();
        if (hashless.Count == 0)
        {
            return file;
        }

        await FetchAsync(hashless, cancellation);
        return new Lockfile(file.Remotes, file.Packages.Select(p => _there.TryGetValue(p, out var there) ? p with { Hash = there.Hash, Signer = there.Signer?.ToString() } : p));
    }

    /// <summary>Brings and installs.</summary>
    /// <param name="asked">Names that the project itself needs.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>What changed in each root; those in which nothing did are left out.</returns>
    public async Task<IReadOnlyList<(string Tree, ChangeReport Report)>> InstallAsync(IReadOnlySet<PackageName> asked, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(asked);
        await BringAsync(cancellation);
        var reports = new List<(string, ChangeReport)>();
        foreach (var tree in Trees())
        {
            if (await InstallAsync(tree, asked, cancellation) is { } report)
            {
                reports.Add((tree, report));
            }
        }

        return reports;
    }

    /// <summary>The trees of the lockfile, and those that were installed for an earlier one.</summary>
    IEnumerable<string> Trees()
    {
        var trees = file.Packages.Select(p => p.Tree).Prepend("").Distinct(StringComparer.Ordinal).ToList();
        var roots = trees.Select(project.RootOf).ToHashSet();
        var before = project.Locked?.Packages.Select(p => p.Tree).Distinct(StringComparer.Ordinal) ?? [];
        return trees.Concat(before.Where(tree => !roots.Contains(project.RootOf(tree)) && Directory.Exists(project.RootOf(tree))));
    }

    async Task<ChangeReport?> InstallAsync(string tree, IReadOnlySet<PackageName> asked, CancellationToken cancellation)
    {
        if (tree.Length == 0)
        {
            return await InstallAsync(session, tree, asked, cancellation);
        }

        using var own = RootSession.OpenForChange(options.Place with { Path = project.RootOf(tree) }, options.Writer, cancellation);
        return await InstallAsync(own, tree, asked, cancellation);
    }

    async Task<ChangeReport?> InstallAsync(RootSession root, string tree, IReadOnlySet<PackageName> asked, CancellationToken cancellation)
    {
        var packages = file.Packages.Where(p => p.Tree == tree).Select(p => Proposed(p, asked)).ToImmutableArray();
        var proposal = new Proposal(root.Root.Current, packages) { NeedsOffers = false };
        return IsThere(root.Root.Current, packages) ? null : await new RootChanges(root, options.Changes(Strict)).CarryOutAsync(proposal, cancellation);
    }

    static bool IsThere(Generation? current, ImmutableArray<ProposedPackage> packages) =>
        (current?.Packages.Length ?? 0) == packages.Length
        && packages.All(p => current!.Find(p.Id.Name) is { } there && there.Hash == p.Installed!.Hash && there.IsAsked == p.IsAsked);

    ProposedPackage Proposed(LockedPackage package, IReadOnlySet<PackageName> asked)
    {
        var isAsked = package.Tree is ("" or Lockfile.OwnTree) && asked.Contains(package.Id.Name);
        return new ProposedPackage
        {
            Selection = SelectionOf(package, isAsked),
            IsAsked = isAsked,
            Installed = _there[package] with { IsAsked = isAsked },
        };
    }

    Selection SelectionOf(LockedPackage package, bool isAsked) => new(
        new Candidate(package.Id, [], IsYanked: false), isAsked,
        [.. file.Packages.Where(p => p.Needs.Any(n => n.Name == package.Id.Name && p.TreeOf(n) == package.Tree)).Select(p => p.Id.Name)]);

    SignatureGate Strict => new(options.Decide) { AllowsUnsigned = options.AllowsUnsigned };

    async Task FetchAsync(IReadOnlyList<LockedPackage> packages, CancellationToken cancellation)
    {
        var missing = new List<LockedPackage>();
        foreach (var package in packages)
        {
            if (_there.ContainsKey(package))
            {
                continue;
            }

            if (package.Hash is { } hash && session.Store.Contains(hash))
            {
                _there.Add(package, Installed(package, hash));
            }
            else
            {
                missing.Add(package);
            }
        }

        if (missing.Count == 0)
        {
            return;
        }

        foreach (var package in missing)
        {
            if ((Vendored?.FindPackage(package) ?? Bundle?.FindPackage(package)) is { } taken)
            {
                _atHand.Add(package, taken);
            }
        }

        if (!missing.TrueForAll(_atHand.ContainsKey))
        {
            await PrepareRemotes();
        }

        var known = missing.Where(WasLocked).ToList();
        foreach (var ofOne in known.GroupBy(p => p.Signer))
        {
            await FetchAsync([.. ofOne], Lenient(ofOne.Key), cancellation);
        }

        await FetchAsync([.. missing.Except(known)], Strict, cancellation);
    }

    /// <summary>Whether somebody chose exactly these bytes before, in the lockfile that came with the project.</summary>
    bool WasLocked(LockedPackage package) => project.Locked?.Knows(package) is true;

    /// <summary>
    /// The lockfile names the bytes, so a key that this machine does not know or trust is no hindrance; a signature that is bad is one.
    /// </summary>
    SignatureGate Lenient(string? signer) => new(files => options.Decide(files) is SignerDecision.Refused { Code: not ("PM3004" or "PM3005") } or SignerDecision.Accepted || signer is null
        ? options.Decide(files)
        : new SignerDecision.Accepted(Fingerprint.Parse(signer), signer))
    {
        AllowsUnsigned = signer is null || options.AllowsUnsigned,
    };

    async Task FetchAsync(List<LockedPackage> packages, SignatureGate gate, CancellationToken cancellation)
    {
        if (packages.Count == 0)
        {
            return;
        }

        var changes = new RootChanges(session, options.Changes(gate));
        var fetched = await changes.FetchSignedAsync([.. packages.Select(Offered)], cancellation);
        Traffic = (Traffic.Copied + changes.Traffic.Copied, Traffic.Shared + changes.Traffic.Shared);
        foreach (var (package, (got, signer)) in packages.Zip(fetched))
        {
            if (_atHand.TryGetValue(package, out var taken) && got.Hash != package.Hash)
            {
                throw new StageException(
                    "PM7242", $"{taken.Name} is not the {package.Id} that is locked: expected package hash {package.Hash}, got {got.Hash}",
                    "it was edited: remove it, then `pm vendor` writes it anew; a bundle is made anew by `pm bundle`");
            }

            RequireLocked(package, got.Hash, "came");
            _there.Add(package, Installed(package, got.Hash) with { Signer = signer });
        }
    }

    ProposedPackage Offered(LockedPackage package)
    {
        if (_atHand.TryGetValue(package, out var taken))
        {
            return new ProposedPackage { Selection = SelectionOf(package, isAsked: false), IsAsked = false, File = taken };
        }

        if (session.Catalogue.Index.Versions(package.Id.Name).FirstOrDefault(v => v.Id == package.Id) is not { } offer)
        {
            throw new StageException(
                "PM7231", $"{package.Id} is locked, but {SourceKeys.Describe(package.Source)} does not offer it{(options.IsOffline ? ", as far as this machine knows" : " any more")}",
                options.IsOffline ? "without --offline it is asked" : $"`pm update {package.Id.Name}` chooses another version");
        }

        if (offer.Hash is { } hash)
        {
            RequireLocked(package, hash, $"{SourceKeys.Describe(package.Source)} offers");
        }

        return new ProposedPackage { Selection = SelectionOf(package, isAsked: false), IsAsked = false, Available = offer };
    }

    static void RequireLocked(LockedPackage package, MerkleRoot hash, string how)
    {
        if (package.Hash is { } expected && expected != hash)
        {
            throw new StageException(
                "PM7225", $"{package.Id} is another than the one that is locked: expected package hash {expected}, {how} {hash}",
                $"ask its publisher; when it is right: `pm lock --accept {package.Id.Name}`");
        }
    }

    static InstalledPackage Installed(LockedPackage package, MerkleRoot hash) => new()
    {
        Id = package.Id,
        Hash = hash,
        Signer = package.Signer is { } signer ? Fingerprint.Parse(signer) : null,
        Remote = (package.Source as RemoteSource)?.Remote,
    };

    /// <summary>What the build of the project, or of a member of its workspace, needs besides other members, of what was brought.</summary>
    /// <param name="built">Which is built.</param>
    /// <param name="expanded">Keeps it there until it is disposed.</param>
    public IReadOnlyList<BuildDependency> ForBuild(BuildProject built, ExpandedPackages expanded)
    {
        ArgumentNullException.ThrowIfNull(built);
        ArgumentNullException.ThrowIfNull(expanded);
        return [.. Expand(NeededToBuild(built.Manifest, built.Directory == project.Directory ? Lockfile.OwnTree : built.Manifest.Package!.Name.Text), expanded)];
    }

    /// <summary>Brings what members of the workspace are built with, but not themselves, where nothing else needs them.</summary>
    public async Task BringForBuildAsync(CancellationToken cancellation)
    {
        var members = project.Members.Select(m => m.Manifest.Package!.Name).ToHashSet();
        await BringAsync(BuildOrder.Below(file, file.Packages.Where(p => !members.Contains(p.Id.Name))).ToHashSet(), cancellation);
    }

    /// <summary>The build dependencies of a manifest, and what those need: nothing else is there while it is built, so nothing else makes it another.</summary>
    IReadOnlyList<LockedPackage> NeededToBuild(Manifest manifest, string tree) => BuildOrder.Below(
        file, manifest.Dependencies.Where(d => d.Scope is DependencyScope.Build && project.MemberOf(d.Name) is null).Select(d => file.Find(tree, d.Name)).OfType<LockedPackage>());

    /// <summary>Of members of the workspace those that another is built with.</summary>
    IEnumerable<LockedPackage> MembersFor(PackageName name) => project.MemberOf(name) is { } member
        ? Workspace.Needed(member, project.Members).Select(needed => file.Packages.First(p => p.Id.Name == needed))
        : [];

    /// <summary>Named by what they are alone, so that a package is built the same for itself and for who needs it.</summary>
    IEnumerable<BuildDependency> Expand(IEnumerable<LockedPackage> packages, ExpandedPackages expanded) => packages
        .Select(p => (p.Id, _there[p].Hash)).Distinct().OrderBy(p => p.Id.Name).ThenBy(p => p.Id.Version).Select(p => new BuildDependency(p.Id, p.Hash, expanded.Expand(p.Hash)));

    async Task BuildAsync(LockedPackage package, SourcePackage source, CancellationToken cancellation)
    {
        using var expanded = new ExpandedPackages(session.Store, options.Command);
        var needed = NeededToBuild(source.Manifest, package.TreeOf(new LockedNeed(package.Id.Name, VersionRequirement.Any, IsPrivate: true))).Concat(MembersFor(package.Id.Name));
        var built = await new PackageBuild(BuildOptions()).RunAsync(
            new BuildRequest
            {
                Directory = source.Checkout.Directory,
                Manifest = source.Manifest,
                Source = source.Checkout.Tree,
                Dependencies = [.. Expand(needed, expanded)],
            },
            cancellation);
        _built.Add(built);
        if (!session.Store.Contains(built.Package.Hash))
        {
            var local = LocalFile.Read(built.File, Path.GetFileName(built.File));
            var gate = new SignatureGate(options.Decide) { AllowsUnsigned = true };
            await new RootChanges(session, options.Changes(gate)).FetchAsync(
                [new ProposedPackage { Selection = SelectionOf(package, isAsked: false), IsAsked = false, File = local }], cancellation);
        }

        _there.Add(package, Installed(package, built.Package.Hash));
    }

    BuildOptions BuildOptions() => new()
    {
        Cache = options.BuildCache,
        Now = options.Now,
        Observer = options.Observer,
        Environment = options.Environment,
        Scratch = options.BuildScratch,
    };
}

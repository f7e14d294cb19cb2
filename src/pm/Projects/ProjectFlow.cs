using System.Collections.Immutable;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Output;
using Pm.Cli.Roots;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages;
using Pm.Stages.Bundles;
using Pm.Stages.Hooks;
using Pm.Stages.Projects;
using Pm.Stages.Roots;
using Pm.Stages.Sources;
using Pm.Storage.Keys;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Projects;

/// <summary>
/// The way that every change of a project goes: look whether the lockfile still fits, choose anew where it does not, write it, and bring and install what it
/// names. A dry run does the same beside the project, in a directory that goes again.
/// </summary>
sealed class ProjectFlow : IDisposable
{
    readonly PmContext _context;
    readonly Progress _progress;
    readonly StageObserver _observer;
    readonly string _place;
    readonly string? _scratch;
    readonly HashSet<PackageSource> _fetched = [];
    readonly HashSet<string> _said = [];
    readonly Lazy<RootSession?> _outer;
    readonly Lazy<RootSession> _session;
    readonly Lazy<VendorDirectory?> _vendored;
    ImmutableArray<LockedRemote>? _remotes;

    public ProjectFlow(PmContext context, Project project)
    {
        (_context, Project) = (context, project);
        _progress = new Progress(context, "fetching");
        _observer = RootAccess.Observer(context, _progress);
        _scratch = context.Settings.DryRun ? Directory.CreateTempSubdirectory("pm-").FullName : null;
        _place = _scratch is null ? project.RootPath : Path.Join(_scratch, "root");
        _outer = new(() => RootAccess.TryOpen(context));
        _session = new(Open);
        _vendored = new(() => Project.Manifest.Vendor is { } directory ? VendorDirectory.TryOpen(Project.Directory, directory) : null);
    }

    public Project Project { get; private set; }

    public LockOptions Options { get; init; } = new();

    /// <summary>Whether a lockfile that does not fit is an error.</summary>
    public bool IsLocked { get; init; }

    public bool TrustsFirstUse { get; init; }

    public bool AllowsUnsigned { get; init; }

    public HookRules Hooks { get; init; } = HookRules.None;

    /// <summary>What is taken from in place of the network; null: nothing.</summary>
    public ProjectBundle? Bundle { get; init; }

    bool IsOffline => _context.Settings.Offline || Bundle is not null;

    /// <summary>Whether a path that is there is taken before what was vendored of it.</summary>
    public bool PrefersPaths { get; init; }

    RootPlace Place => RootAccess.Place(_context) with
    {
        Path = _place,
        StorePath = _scratch is null ? _context.Settings.Store : Path.Join(_scratch, "store"),
    };

    SourceCache Sources => SourcesIn(_scratch ?? _context.Settings.Cache);

    SourceCache SourcesIn(string cache) => new(Path.Join(cache, "sources"), new SourceOptions
    {
        Http = () => HttpAccess.Settings(_context),
        IsOffline = IsOffline,
        Working = _observer.Working,
        Supply = Bundle,
        Fetched = source => _fetched.Add(source),
        Note = _observer.Note,
        Environment = _context.Environment,
        Time = _context.Time,
    });

    /// <summary>The lockfile that fits: the one that is there, or a new one. Nothing is written.</summary>
    /// <param name="isRenewed">Choose again though it fits: for newer versions.</param>
    /// <exception cref="CommandException">PM1182: it does not fit, and it has to.</exception>
    public async Task<Lockfile> FitAsync(bool isRenewed)
    {
        var drift = Project.Drift(Options.Features);
        if (drift.Count == 0 && !isRenewed && Project.Locked is { } locked)
        {
            drift = locked.Packages.Any(p => p.Source is PathSource) ? SourceDrift.Of(locked, await CollectAsync(locked)) : [];
            if (drift.Count == 0)
            {
                return locked;
            }
        }

        if (IsLocked)
        {
            throw new CommandException(
                ExitCode.Conflict, "PM1182", $"{Project.LockName} does not fit {Path.GetFileName(Project.ManifestPath)}, and --locked was given{string.Concat(drift.Select(d => $"\n  {d}"))}",
                "`pm lock` brings it up to date");
        }

        return await ChooseAsync();
    }

    /// <summary>The name that a package gives itself at a source.</summary>
    /// <exception cref="CommandException">PM1187: there is no package.</exception>
    public async Task<PackageName> NameOfAsync(PackageSource source)
    {
        var checkout = await Sources.CheckOutAsync(source, Project.Directory, null, _context.Cancellation);
        return ManifestFile.TryRead(checkout.Directory, SourceKeys.Describe(source))?.Package?.Name ?? throw new CommandException(
            ExitCode.Invalid, "PM1187", $"{SourceKeys.Describe(source)}: there is no package: no {ManifestFile.Names[0]} with [package]", "give it a name: `pm add NAME --source SOURCE`");
    }

    /// <summary>Writes a lockfile; where it says that already, nothing.</summary>
    public bool Save(Lockfile file) => _scratch is null ? Project.Save(file) : Project.Locked is not { } old || !old.ToBytes().AsSpan().SequenceEqual(file.ToBytes());

    /// <summary>Brings and installs what a lockfile names.</summary>
    public async Task<(ProjectInstaller Installer, IReadOnlyList<(string Tree, Stages.Changes.ChangeReport Report)> Changes)> InstallAsync(Lockfile file)
    {
        var installer = Installer(file);
        var changes = await installer.InstallAsync(Project.Wishes(Options.Features).Select(w => w.Need.Name).ToHashSet(), _context.Cancellation);
        return (installer, changes);
    }

    /// <summary>Brings what a lockfile names, but the members of the workspace, and installs nothing.</summary>
    public async Task<ProjectInstaller> BringForBuildAsync(Lockfile file)
    {
        var installer = Installer(file);
        await installer.BringForBuildAsync(_context.Cancellation);
        return installer;
    }

    /// <summary>Brings packages and sources that a lockfile names; nothing is built, nothing installed.</summary>
    public async Task<ProjectInstaller> FetchAsync(Lockfile file)
    {
        var installer = Installer(file);
        await installer.FetchAsync(_context.Cancellation);
        return installer;
    }

    /// <summary>What of a lockfile was on this machine before this run, in the order of the lockfile. Nothing is written, nobody is asked.</summary>
    public IReadOnlyList<LockedItem> LookFor(Lockfile file)
    {
        using var own = OwnRoot.IsOurs(_context, Project.Directory) ? Storage.Root.TryOpen(Project.RootPath) : null;
        using var store = Storage.Store.TryOpen(own?.Settings.StorePath ?? _context.Settings.Store);
        return [.. LockedItem.Of(file, store, SourcesIn(_context.Settings.Cache), Project.Directory, _vendored.Value).Select(i => i with { IsHere = i.IsHere && !_fetched.Contains(i.Package.Source) })];
    }

    /// <summary>What writes a directory of the project that holds what a lockfile names.</summary>
    public VendorWriter Vendoring(string place)
    {
        var writer = new VendorWriter(Project, place, SourcesIn(_context.Settings.Cache));
        writer.RequireOurs();
        return writer;
    }

    /// <summary>Does it, where there is something to do.</summary>
    public async Task VendorAsync(Lockfile file, VendorWriter writer, VendorPlan plan)
    {
        if (!plan.IsEmpty)
        {
            await FetchAsync(file);
            writer.Write(plan, await CollectAsync(file), Session.Store, Path.Join(Session.Root.Path, Storage.Root.CacheDirectory, "fetch"), _context.Cancellation);
        }
    }

    /// <summary>Writes all that a lockfile names into one file.</summary>
    /// <param name="file">What is put in.</param>
    /// <param name="target">Where to.</param>
    /// <param name="scratch">A directory that is there, for files without a name.</param>
    public async Task BundleAsync(Lockfile file, Stream target, string scratch)
    {
        await FetchAsync(file);
        await new ProjectBundleWriter(Sources, Session.Store, scratch, _observer)
            .WriteAsync(target, file, await CollectAsync(file), _context.Cancellation);
    }

    /// <summary>The session of the project's root.</summary>
    public RootSession Session => _session.Value;

    /// <summary>Ends the line of progress: what follows is the result.</summary>
    public void EndProgress() => _progress.Dispose();

    public void Dispose()
    {
        _progress.Dispose();
        if (_session.IsValueCreated)
        {
            _session.Value.Dispose();
        }

        if (_outer.IsValueCreated)
        {
            _outer.Value?.Dispose();
        }

        if (_scratch is not null)
        {
            Directory.Delete(_scratch, recursive: true);
        }
    }

    RootSession Open()
    {
        if (_scratch is null)
        {
            OwnRoot.Claim(_context, Project);
            IgnoreFile.Write(Project);
        }

        return RootSession.OpenForChange(Place, RootAccess.Writer(_context), _context.Cancellation);
    }

    ProjectInstaller Installer(Lockfile file) => new(Project, file, Session, new InstallOptions
    {
        Command = _context.CommandLine,
        Now = _context.Time.GetUtcNow(),
        Decide = Signatures.Decider(_context, (_outer.Value ?? Session).Root),
        AllowsUnsigned = AllowsUnsigned,
        Place = Place,
        Writer = RootAccess.Writer(_context),
        BuildCache = Path.Join(_scratch ?? _context.Settings.Cache, "builds"),
        BuildScratch = ProjectBuilds.Scratch(_context),
        Environment = ProjectBuilds.Variables(_context),
        Hooks = Hooks,
        IsOffline = IsOffline,
        Jobs = _context.Settings.Jobs,
        Observer = _observer,
    })
    {
        Vendored = _vendored.Value,
        Bundle = Bundle,
        PrepareRemotes = PrepareAsync,
        CollectSources = () => CollectAsync(file),
    };

    async Task<Lockfile> ChooseAsync()
    {
        await PrepareAsync();
        var locker = new ProjectLocker(Project, Session.Catalogue.Index, _remotes!.Value, Sources) { Vendored = _vendored.Value };
        var file = await locker.RunAsync(Options with { MinimumAge = _context.MinimumAge }, _context.Cancellation) switch
        {
            LockResult.Chosen chosen => chosen.File,
            LockResult.Impossible impossible => throw Conflicts.ToException(impossible.Conflict, Session, isOfProject: true),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        RequireTrusted(file);
        var complete = await Installer(file).CompleteAsync(_context.Cancellation);
        locker.RequireUnchanged(complete, Options);
        return complete;
    }

    Task<IReadOnlyDictionary<PackageName, SourcePackage>> CollectAsync(Lockfile file) => new SourceCollection(
        Project, Sources, name => file.Packages.FirstOrDefault(p => p.Id.Name == name && p.Source is not RemoteSource))
    {
        Vendored = _vendored.Value,
        PrefersPaths = PrefersPaths,
        Note = line =>
        {
            if (_said.Add(line))
            {
                _observer.Note?.Invoke(line);
            }
        },
    }.CollectAsync(Options.Features, _context.Cancellation);

    async Task PrepareAsync()
    {
        if (_remotes is not null)
        {
            return;
        }

        var remotes = new ProjectRemotes(Project, Session, _outer.Value)
        {
            TrustsFirstUse = TrustsFirstUse,
            Shown = (remote, root) => _context.Terminal.Note(Hostile.OneLine($"remote `{remote.Name}`: root {root.Fingerprint} is trusted from now on")),
        };
        _remotes = await remotes.PrepareAsync(_context.Cancellation);
        var failed = await remotes.PullAsync(IsOffline, _context.Time.GetUtcNow(), _observer, _context.Cancellation);
        foreach (var pull in failed)
        {
            _context.Terminal.Note(Hostile.OneLine($"warning: {ErrorReport.Describe(pull.Failure!).Message}; its last list is gone by"));
        }
    }

    /// <summary>Who signs what is chosen for the first time has to be trusted here: afterwards the lockfile vouches for it everywhere.</summary>
    void RequireTrusted(Lockfile file)
    {
        var ring = new Lazy<Keyring>(() => Keyring.Open((_outer.Value ?? Session).Root));
        foreach (var package in file.Packages.Where(p => p is { Source: RemoteSource, Hash: not null }))
        {
            if (Project.Locked?.Knows(package) is true)
            {
                continue;
            }

            if (package.Signer is null ? !AllowsUnsigned : ring.Value.Keys.GetValueOrDefault(Fingerprint.Parse(package.Signer)) is not { State: TrustState.Trusted })
            {
                throw package.Signer is null
                    ? new TrustException("PM3001", $"{package.Id} from {SourceKeys.Describe(package.Source)}: not signed", "`--allow-unsigned` takes it all the same")
                    : new TrustException(
                        "PM3004", $"{package.Id} from {SourceKeys.Describe(package.Source)}: signed by {package.Signer}, whose key is not trusted here",
                        $"`pm key import FILE`, compare the fingerprint with its owner's, then `pm key trust {package.Signer}`");
            }
        }
    }
}

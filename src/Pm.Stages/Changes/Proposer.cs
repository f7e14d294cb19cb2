using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Resolution;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Changes;

/// <summary>Turns a wish into a <see cref="Proposal"/>: joins what is installed, what is offered and what was named.</summary>
/// <param name="current">What the root holds; null: nothing.</param>
/// <param name="catalogue">What its remotes offer; asked when it is needed.</param>
/// <param name="read">Reads an installed package; asked only for one that no remote offers any more.</param>
/// <param name="rootPath">For messages.</param>
public sealed class Proposer(Generation? current, Func<Catalogue> catalogue, Func<InstalledPackage, Package> read, string rootPath)
{
    static readonly ImmutableArray<LocalFile> NoFiles = [];

    /// <summary>How old a version has to be; null: it may be new.</summary>
    public MinimumAge? MinimumAge { get; init; }

    bool _needsOffers = true;
    readonly ImmutableArray<InstalledPackage> _installed = current?.Packages ?? [];

    /// <summary>A proposer for the root of a session.</summary>
    /// <param name="session">Of which root.</param>
    /// <param name="age">How old a version has to be; null: it may be new.</param>
    public static Proposer Of(RootSession session, MinimumAge? age = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        return new(session.Root.Current, () => session.Catalogue, p => session.Store.Require(p.Hash), session.Root.Path) { MinimumAge = age };
    }

    /// <summary>A proposer for a root that is not there yet: it knows of no remotes.</summary>
    public static Proposer OfNothing(string rootPath) =>
        new(null, () => Catalogue.Empty, _ => throw new System.Diagnostics.UnreachableException(), rootPath);

    /// <summary>Whether everything named is installed, asked for, and of the version named: nothing to look up.</summary>
    public static bool IsFulfilled(Generation? current, IEnumerable<Dependency> names) =>
        names.All(n => current?.Find(n.Name) is { IsAsked: true } there && (n.Exact is null || n.Exact == there.Id.Version));

    /// <summary>Adds packages by name and from files.</summary>
    public ProposalResult Install(ImmutableArray<Dependency> names, ImmutableArray<LocalFile> files)
    {
        var asks = Standing(except: [.. names.Select(n => n.Name), .. files.Select(f => f.Id.Name)])
            .Concat(names.Select(n => new Ask(Need.Of(n), AskReason.Named)))
            .Concat(files.Select(f => new Ask(Need.Of(new Dependency(f.Id.Name, f.Id.Version)), AskReason.Named)));
        return Resolve([.. asks], files, _ => false);
    }

    /// <summary>Adds packages by name, all of them from files: what remotes offer, which may be out of reach, does not count.</summary>
    public ProposalResult InstallFrom(ImmutableArray<LocalFile> offered, ImmutableArray<Dependency> names) => new Proposer(
        current, () => Catalogue.Empty, read, rootPath)
    { _needsOffers = false }.Resolve(
        [.. Standing(except: [.. names.Select(n => n.Name)]), .. names.Select(n => new Ask(Need.Of(n), AskReason.Named))], offered, _ => false);

    /// <summary>Takes packages away, with the dependencies that nobody else needs.</summary>
    /// <exception cref="NotInstalledException">One of them is not there.</exception>
    public ProposalResult Remove(ImmutableArray<PackageName> names)
    {
        RequireInstalled(names);
        var result = Leave(Standing(except: [.. names]));
        return result is ProposalResult.Possible { Proposal: var proposal } && StillNeeded(proposal, names) is { } conflict
            ? new ProposalResult.Impossible(conflict)
            : result;
    }

    /// <summary>Brings packages to their newest versions; all of them when none is named.</summary>
    /// <exception cref="NotInstalledException">One of them is not there.</exception>
    public ProposalResult Update(ImmutableArray<PackageName> names)
    {
        RequireInstalled(names);
        return Resolve([.. Standing(except: [])], NoFiles, name => names.IsEmpty || names.Contains(name));
    }

    /// <summary>Takes away what came as a dependency and is no longer needed by anything.</summary>
    public ProposalResult Autoremove() => Leave(Standing(except: []));

    /// <summary>Nothing comes, so what can go does not depend on what is offered, nor on whether that can be read.</summary>
    ProposalResult Leave(IEnumerable<Ask> asks)
    {
        _needsOffers = false;
        return Resolve([.. asks], NoFiles, _ => false);
    }

    /// <summary>What was wanted before, and still is.</summary>
    IEnumerable<Ask> Standing(ImmutableArray<PackageName> except) => _installed
        .Where(p => !except.Contains(p.Id.Name) && (p.IsAsked || p.IsPinned))
        .Select(p => p.IsPinned
            ? new Ask(Need.Of(new Dependency(p.Id.Name, p.Id.Version)), AskReason.Pinned)
            : new Ask(Need.Of(new Dependency(p.Id.Name, null)), AskReason.Installed));

    ProposalResult Resolve(ImmutableArray<Ask> asks, ImmutableArray<LocalFile> files, Func<PackageName, bool> isUpdated)
    {
        var result = Resolver.Resolve(new ResolutionInput
        {
            Asks = asks,
            Candidates = name => CandidatesOf(name, files),
            Kept = name => isUpdated(name) ? null : current?.Find(name)?.Id.Version,
            Suggestions = name => catalogue().Index.Suggest(name.Text),
            MinimumAge = MinimumAge,
        });
        return result switch
        {
            ResolutionResult.Solved solved => new ProposalResult.Possible(
                new Proposal(current, [.. solved.Packages.Select(s => Describe(s, asks, files))]) { NeedsOffers = _needsOffers }),
            ResolutionResult.Conflict conflict => new ProposalResult.Impossible(conflict),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    /// <summary>Files win over what is offered. What is there is not replaced by a look-alike that differs in build metadata alone (SemVer 10).</summary>
    ICandidates CandidatesOf(PackageName name, ImmutableArray<LocalFile> files)
    {
        if (_needsOffers && current?.Find(name) is null && files.All(f => f.Id.Name != name))
        {
            return catalogue().Index.Offered(name) is { } offered ? new OfferedCandidates(offered) : CandidateList.Empty;
        }

        var candidates = new List<Candidate>();
        candidates.AddRange(files.Where(f => f.Id.Name == name).Select(f => Candidate.Of(f.Id, f.Dependencies, f.Requires, isYanked: false)));
        var versions = OfferedOf(name);
        if (current?.Find(name) is { } there && candidates.TrueForAll(c => c.Id != there.Id))
        {
            candidates.Add(CandidateOf(there, versions));
        }

        candidates.AddRange(versions.Where(v => !candidates.Exists(c => c.Id == v.Id))
            .Select(v => Candidate.Of(v.Id, v.Dependencies, v.Requires, v.IsYanked) with { Published = v.Published }));
        return CandidateList.Of(candidates, current?.Find(name)?.Id.Version);
    }

    IReadOnlyList<AvailablePackage> OfferedOf(PackageName name)
    {
        try
        {
            return catalogue().Index.Versions(name);
        }
        catch (PackageFormatException exception) when (exception.Code == "PM2018" && !_needsOffers)
        {
            return [];
        }
    }

    /// <summary>The index knows most of them; opening every installed package would cost a no-op its milliseconds.</summary>
    Candidate CandidateOf(InstalledPackage package, IReadOnlyList<AvailablePackage> versions)
    {
        if (versions.FirstOrDefault(v => v.Hash == package.Hash) is { } offered)
        {
            return Candidate.Of(package.Id, offered.Dependencies, offered.Requires, isYanked: false);
        }

        return read(package).Description is { } description
            ? Candidate.Of(package.Id, description.Dependencies, description.Requires, isYanked: false)
            : new Candidate(package.Id, [], IsYanked: false);
    }

    ProposedPackage Describe(Selection selection, ImmutableArray<Ask> asks, ImmutableArray<LocalFile> files)
    {
        var file = files.FirstOrDefault(f => f.Id == selection.Id);
        var installed = file is null && current?.Find(selection.Id.Name) is { } there && there.Id == selection.Id ? there : null;
        return new ProposedPackage
        {
            Selection = selection,
            // A pin alone holds a version; it does not make a dependency one that was asked for.
            IsAsked = asks.Any(a => a.Wanted.Name == selection.Id.Name && a.Reason is AskReason.Named)
                || current?.Find(selection.Id.Name) is { IsAsked: true },
            File = file,
            Installed = installed,
            Available = file is null && installed is null ? OfferOf(selection.Id) : null,
        };
    }

    AvailablePackage? OfferOf(PackageId id)
    {
        var offer = catalogue().Index.Find(id);
        if (offer is not null)
        {
            catalogue().RequireFirst(offer);
        }

        return offer;
    }

    void RequireInstalled(ImmutableArray<PackageName> names)
    {
        foreach (var name in names.Where(n => current?.Find(n) is null))
        {
            throw new NotInstalledException(name.Text, rootPath);
        }
    }

    static ResolutionResult.Conflict? StillNeeded(Proposal proposal, ImmutableArray<PackageName> names)
    {
        var kept = proposal.Packages.FirstOrDefault(p => names.Contains(p.Id.Name));
        if (kept is null)
        {
            return null;
        }

        var needing = string.Join(", ", kept.Selection.RequiredBy);
        return new ResolutionResult.Conflict(
            "PM7005", $"{kept.Id.Name} is needed by {needing}", [],
            $"pm remove {string.Join(' ', names.Concat(kept.Selection.RequiredBy).Distinct())}");
    }
}

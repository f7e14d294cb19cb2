using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Resolution;
using Pm.Stages.Changes;
using Pm.Stages.Sources;

namespace Pm.Stages.Projects;

/// <summary>Chooses versions for a project. What was chosen before stays while it can and nobody asks for newer ones.</summary>
/// <param name="project">For which.</param>
/// <param name="catalogue">What its remotes offer.</param>
/// <param name="remotes">These remotes, as the lockfile names them.</param>
/// <param name="cache">Where sources are kept.</param>
public sealed class ProjectLocker(Project project, PackageIndex catalogue, ImmutableArray<LockedRemote> remotes, SourceCache cache)
{
    /// <summary>Where locked sources are taken from first; null: nowhere.</summary>
    public VendorDirectory? Vendored { get; init; }

    readonly Lockfile _before = project.Locked ?? Lockfile.Empty;

    /// <exception cref="StageException">PM7221–PM7226.</exception>
    public async Task<LockResult> RunAsync(LockOptions options, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(options);
        var collection = new SourceCollection(project, cache, name => options.Updates(name) ? null : SourceBefore(name)) { Vendored = Vendored, PrefersPaths = true };
        var sources = await collection.CollectAsync(options.Features, cancellation);
        var wishes = project.Wishes(options.Features);
        var packages = new List<LockedPackage>();
        foreach (var tree in new[] { "", Lockfile.OwnTree })
        {
            var asks = wishes.Where(w => w.Tree == tree).Select(w => new Ask(new Need(w.Need.Name, w.Need.Versions), AskReason.Manifest)).ToImmutableArray();
            switch (Resolver.Resolve(InputOf(tree, asks, sources, options)))
            {
                case ResolutionResult.Conflict conflict:
                    return new LockResult.Impossible(conflict);
                case ResolutionResult.Solved solved:
                    packages.AddRange(solved.Packages.Select(s => Locked(s, TreeOf(tree, s.Tree), sources)));
                    break;
            }
        }

        var used = packages.Select(p => p.Source).OfType<RemoteSource>().Select(s => s.Remote).ToHashSet();
        return new LockResult.Chosen(new Lockfile(remotes.Where(r => used.Contains(r.Name)), packages), sources);
    }

    /// <summary>Refuses what is another than the lockfile before had, once all that can be known of the new one is.</summary>
    /// <exception cref="StageException">PM7225, PM7226.</exception>
    public void RequireUnchanged(Lockfile file, LockOptions options)
    {
        ArgumentNullException.ThrowIfNull(file);
        ArgumentNullException.ThrowIfNull(options);
        foreach (var package in file.Packages)
        {
            RequireUnchanged(package, options);
        }
    }

    ResolutionInput InputOf(string tree, ImmutableArray<Ask> asks, IReadOnlyDictionary<PackageName, SourcePackage> sources, LockOptions options) => new()
    {
        Asks = asks,
        Candidates = name => catalogue.Offered(name) is { } offered ? new OfferedCandidates(offered) { MergesSame = true } : CandidateList.Empty,
        Overrides = name => sources.GetValueOrDefault(name)?.ToCandidate(),
        Kept = name => KeptVersion(tree, name, options),
        KeptApart = (inner, name) => KeptVersion(TreeOf(tree, inner), name, options),
        Suggestions = name => catalogue.Suggest(name.Text),
        Choice = options.IsMinimal ? VersionChoice.Minimal : VersionChoice.Newest,
        PrivateNeeds = PrivateNeeds.Apart,
        MinimumAge = options.MinimumAge,
    };

    PackageVersion? KeptVersion(string tree, PackageName name, LockOptions options) =>
        options.IsMinimal || options.Updates(name) ? null : _before.Find(tree, name)?.Id.Version;

    LockedPackage? SourceBefore(PackageName name) => _before.Packages.FirstOrDefault(p => p.Id.Name == name && p.Source is not RemoteSource);

    static string TreeOf(string outer, string inner) => outer.Length == 0 ? inner : inner.Length == 0 ? outer : $"{outer} › {inner}";

    LockedPackage Locked(Selection selection, string tree, IReadOnlyDictionary<PackageName, SourcePackage> sources)
    {
        var locked = new LockedPackage
        {
            Id = selection.Id,
            Tree = tree,
            Source = new RemoteSource(null),
            Needs = Needs(selection.Candidate),
            Equivalents = selection.Equivalents,
        };
        if (sources.TryGetValue(selection.Id.Name, out var source))
        {
            return locked with
            {
                Source = source.Source,
                Commit = source.Checkout.Commit,
                SourceTree = source.Source is PathSource ? null : source.Checkout.Tree,
            };
        }

        var offer = catalogue.Find(selection.Id)!;
        return locked with { Source = new RemoteSource(offer.Remote), Hash = offer.Hash, Size = offer.SizeInBytes, Signer = offer.Signer };
    }

    static ImmutableArray<LockedNeed> Needs(Candidate candidate)
    {
        var needs = candidate.Needs.Select(n => new LockedNeed(n.Name, n.Versions, n.IsPrivate)).ToArray();
        Array.Sort(needs, static (a, b) => a.IsPrivate.CompareTo(b.IsPrivate) is var byScope and not 0 ? byScope
            : a.Name.CompareTo(b.Name) is var byName and not 0 ? byName
            : string.CompareOrdinal(a.ToString(), b.ToString()));
        return ImmutableCollectionsMarshal.AsImmutableArray(needs);
    }

    /// <summary>
    /// A version does not change once it is published: another digest under its name is an attack or a mistake of its keeper. And who could put
    /// up a version under another key, or none, would have taken the package over.
    /// </summary>
    void RequireUnchanged(LockedPackage package, LockOptions options)
    {
        if (options.Accepted.Contains(package.Id.Name) || _before.Find(package.Tree, package.Id.Name) is not { Source: RemoteSource } before || package.Source is not RemoteSource)
        {
            return;
        }

        var hint = $"ask its publisher; when it is right: `pm lock --accept {package.Id.Name}`";
        if (before.Id == package.Id && before.Hash is { } hash && package.Hash is { } now && hash != now)
        {
            throw new StageException("PM7225", $"{package.Id} is another than the one that is locked: expected package hash {hash}, {SourceKeys.Describe(package.Source)} offers {now}", hint);
        }

        if (before.Signer is { } signer && package.Signer != signer)
        {
            throw new StageException(
                "PM7226", $"{package.Id} is signed by {package.Signer ?? "nobody"}, locked is a signature of {signer}", hint);
        }
    }
}

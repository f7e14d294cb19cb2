using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Packages.Versions;
using Pm.Resolution;
using Pm.Stages.Sources;

namespace Pm.Stages.Projects;

/// <summary>
/// Finds and checks out all packages that do not come from remotes: what the project names, what those name, and so on. Which these are does
/// not depend on what remotes offer: the source of a name is its only candidate.
/// </summary>
/// <param name="project">Whose.</param>
/// <param name="cache">Where sources are kept.</param>
/// <param name="locked">What was checked out last, by name; null: look anew.</param>
public sealed class SourceCollection(Project project, SourceCache cache, Func<PackageName, LockedPackage?> locked)
{
    /// <summary>More is no project but an attack.</summary>
    const int MostSources = 10_000;

    readonly Dictionary<PackageName, SourcePackage> _found = [];
    readonly Queue<(ManifestDependency Dependency, PackageSource Source, string RequiredBy)> _open = new();

    /// <summary>Where locked sources are taken from first; null: nowhere.</summary>
    public VendorDirectory? Vendored { get; init; }

    /// <summary>Whether a path that is there is taken before what was vendored of it: to vendor anew, or to choose.</summary>
    public bool PrefersPaths { get; init; }

    /// <summary>Told of what a person should know though nothing failed.</summary>
    public Action<string>? Note { get; init; }

    /// <summary>Checks everything out.</summary>
    /// <exception cref="StageException">PM7221–PM7225: what is there is not what was named.</exception>
    public async Task<IReadOnlyDictionary<PackageName, SourcePackage>> CollectAsync(IReadOnlyCollection<string> features, CancellationToken cancellation)
    {
        var dependencies = FeatureChoice.Dependencies(project.Manifest, features);
        foreach (var patch in project.Manifest.Patches)
        {
            _open.Enqueue((WithFeatures(patch, dependencies), patch.Source, "[patch]"));
        }

        foreach (var member in project.Members.Where(m => project.PatchOf(m.Manifest.Package!.Name) == project.SourceOf(m)))
        {
            var switched = dependencies.Where(d => d.Name == member.Manifest.Package!.Name).SelectMany(d => d.Features).Distinct();
            _open.Enqueue((new ManifestDependency
            {
                Name = member.Manifest.Package!.Name,
                Scope = DependencyScope.Public,
                Requirement = VersionRequirement.Any,
                Source = project.SourceOf(member),
                Features = [.. switched],
                Key = default,
            }, project.SourceOf(member), "[workspace]"));
        }

        Expect(dependencies, null, "the project");
        while (_open.TryDequeue(out var next))
        {
            await VisitAsync(next.Dependency, next.Source, next.RequiredBy, cancellation);
        }

        return _found;
    }

    /// <summary>A patch stands for a dependency, with what that switches on.</summary>
    static ManifestDependency WithFeatures(ManifestDependency patch, ImmutableArray<ManifestDependency> dependencies) => new()
    {
        Name = patch.Name,
        Scope = patch.Scope,
        Requirement = patch.Requirement,
        Source = patch.Source,
        Key = patch.Key,
        Features = [.. patch.Features.Concat(dependencies.Where(d => d.Name == patch.Name).SelectMany(d => d.Features)).Distinct()],
    };

    /// <summary>Takes note of the dependencies of a manifest that are built here.</summary>
    void Expect(ImmutableArray<ManifestDependency> dependencies, SourcePackage? of, string who)
    {
        foreach (var dependency in dependencies.Where(d => d.Source is not RemoteSource && project.PatchOf(d.Name) is null))
        {
            _open.Enqueue((dependency, of is null ? dependency.Source : Placed(dependency, of), who));
        }
    }

    /// <summary>A path in somebody's manifest, as seen from the project: another folder of his repository, or a path of this machine.</summary>
    static PackageSource Placed(ManifestDependency dependency, SourcePackage of) => (dependency.Source, of.Source) switch
    {
        (PathSource path, PathSource from) => new PathSource(System.IO.Path.IsPathFullyQualified(path.Path) ? path.Path : Joined(from.Path, path.Path)),
        (PathSource path, GitSource git) => git with { Folder = FolderOf(git.Folder, path.Path) ?? throw Outside(dependency, of) },
        (PathSource, _) => throw Outside(dependency, of),
        var (other, _) => other,
    };

    static string Joined(string directory, string path)
    {
        var joined = System.IO.Path.IsPathFullyQualified(directory)
            ? System.IO.Path.GetFullPath(path, directory)
            : System.IO.Path.GetRelativePath("/a/b/c/d", System.IO.Path.GetFullPath(path, System.IO.Path.GetFullPath(directory, "/a/b/c/d")));
        return joined.StartsWith('.') || joined.StartsWith('/') ? joined : $"./{joined}";
    }

    /// <summary>A folder of the same repository; null: it lies outside. The top is "".</summary>
    static string? FolderOf(string? folder, string path)
    {
        var parts = new List<string>((folder ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries));
        foreach (var part in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (part == ".." && parts.Count == 0)
            {
                return null;
            }

            if (part == "..")
            {
                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        return path.StartsWith('/') ? null : string.Join('/', parts);
    }

    static StageException Outside(ManifestDependency dependency, SourcePackage of) => new(
        "PM7223", $"{of.Id.Name} needs {dependency.Name} from {SourceKeys.Describe(dependency.Source)}, which lies outside of {SourceKeys.Describe(of.Source)}",
        $"say where it is: [patch] {dependency.Name} = {{ … }} in {ManifestFile.Names[0]}");

    async Task VisitAsync(ManifestDependency dependency, PackageSource source, string requiredBy, CancellationToken cancellation)
    {
        var old = locked(dependency.Name);
        source = source switch
        {
            GitSource { Folder: "" } top => top with { Folder = null },
            LinkSource link => old is not null && link.IsPinnedBy(old.Source) ? old.Source : await cache.PinAsync(link, cancellation),
            _ => source,
        };
        if (_found.TryGetValue(dependency.Name, out var there))
        {
            await RequireSameAsync(there, source, requiredBy, cancellation);
            return;
        }

        if (_found.Count == MostSources)
        {
            throw new StageException("PM7224", $"more than {MostSources} packages are to be built from source");
        }

        old = old?.Source == source ? old : null;
        var before = old is null ? null : new LockedSource(old.Commit, source is PathSource ? null : old.SourceTree);
        var checkout = (old is null ? null : await KeptAsync(old, cancellation)) ?? await cache.CheckOutAsync(source, project.Directory, before, cancellation);
        var manifest = ManifestFile.TryRead(checkout.Directory, Shown(source)) ?? BareManifest.Of(dependency, checkout);
        if (manifest.Package is not { } package)
        {
            throw new StageException("PM7221", $"{dependency.Name}: {Shown(source)} has a manifest without [package]", "name the folder of the package: `path = …`");
        }

        if (package.Name != dependency.Name)
        {
            throw new StageException("PM7221", $"{dependency.Name}: the package at {Shown(source)} is called {package.Name}", $"write {package.Name} = {{ … }}");
        }

        var own = FeatureChoice.Dependencies(manifest, dependency.Features);
        var collected = new SourcePackage
        {
            Id = new PackageId(package.Name, package.Version),
            Source = source,
            Checkout = checkout,
            Manifest = manifest,
            Needs = [.. own.Select(NeedOf).OrderBy(n => n.IsPrivate).ThenBy(n => n.Name)],
            RequiredBy = requiredBy,
        };
        _found.Add(package.Name, collected);
        Expect(own, collected, package.Name.Text);
    }

    /// <summary>What was vendored of a locked source; null: nothing, or it is to be looked at where it comes from.</summary>
    async Task<CheckedOutSource?> KeptAsync(LockedPackage package, CancellationToken cancellation)
    {
        var isThere = package.Source is PathSource && cache.IsHere(package.Source, project.Directory, null);
        if (Vendored is null || (isThere && PrefersPaths) || Vendored.FindSource(package, cache.EntryLimit, cancellation) is not { } kept)
        {
            return null;
        }

        if (isThere && (await cache.OfPathAsync((PathSource)package.Source, project.Directory, cancellation)).Tree != kept.Tree)
        {
            Note?.Invoke($"warning: {Shown(package.Source)} is not what was vendored of it, which is taken: `pm vendor` brings that up to date");
        }

        return kept;
    }

    /// <summary>Nobody could tell which of two was meant, unless both are the same: two names of one commit.</summary>
    async Task RequireSameAsync(SourcePackage there, PackageSource source, string requiredBy, CancellationToken cancellation)
    {
        var isSame = there.Source == source || (there.Source is GitSource git && source is GitSource other && git.Url == other.Url && git.Folder == other.Folder
            && (await cache.CheckOutAsync(source, project.Directory, null, cancellation)).Commit == there.Checkout.Commit);
        if (!isSame)
        {
            throw new StageException(
                "PM7222", $"{there.Id.Name} is to come from two places: {there.RequiredBy} says {SourceKeys.Describe(there.Source)}, {requiredBy} says {SourceKeys.Describe(source)}",
                $"say which: [patch] {there.Id.Name} = {{ … }} in {ManifestFile.Names[0]}");
        }
    }

    static Need NeedOf(ManifestDependency dependency) => new(dependency.Name, dependency.Requirement) { IsPrivate = dependency.Scope is not DependencyScope.Public };

    static string Shown(PackageSource source) => SourceKeys.Describe(source);
}

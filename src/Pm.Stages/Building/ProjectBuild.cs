using Pm.Packages;

namespace Pm.Stages.Building;

/// <summary>
/// Builds a project: its package, or those of all members of its workspace, each after those that it depends on and with their files
/// as roots. Source: docs/formats/build.md.
/// </summary>
public sealed class ProjectBuild(BuildOptions options)
{
    readonly PackageBuild _build = new(options);

    /// <summary>Builds all packages, in the order of <see cref="Workspace.Packages"/>.</summary>
    /// <param name="project">What is built.</param>
    /// <param name="built">Told of each.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="StageException">PM73xx.</exception>
    public async Task<IReadOnlyList<BuiltPackage>> RunAsync(BuildProject project, Action<BuiltPackage>? built, CancellationToken cancellation)
    {
        var packages = Workspace.Packages(project, cancellation);
        var done = new Dictionary<PackageName, BuiltPackage>();
        var results = new List<BuiltPackage>();
        foreach (var package in packages)
        {
            var (known, missing) = Known(package, packages);
            if (missing.Count > 0)
            {
                throw new StageException("PM7308", $"{package.Title}: the build needs {string.Join(", ", missing)}, which nobody has brought", "pm install .");
            }

            var result = await _build.RunAsync(Request(package, packages, done, known, isDry: false), cancellation);
            done[result.Package.Id.Name] = result;
            results.Add(result);
            built?.Invoke(result);
        }

        return results;
    }

    /// <summary>Builds each package twice, from nothing, and compares.</summary>
    /// <exception cref="StageException">PM7310: the two differ; else as <see cref="RunAsync"/>.</exception>
    public async Task<IReadOnlyList<BuiltPackage>> CheckAsync(BuildProject project, Action<BuiltPackage>? built, CancellationToken cancellation)
    {
        var again = options with { Cache = Path.Join(options.Cache, "check"), IsFresh = true };
        var first = await new ProjectBuild(options with { IsFresh = true }).RunAsync(project, null, cancellation);
        var second = await new ProjectBuild(again).RunAsync(project, null, cancellation);
        foreach (var (one, other) in first.Zip(second))
        {
            if (BuildComparison.FirstDifference(one, other) is { } difference)
            {
                throw new StageException("PM7310", $"{one.Package.Id}: two builds differ: {difference}", $"compare {PathText.Show(one.File)} with {PathText.Show(other.File)}");
            }

            built?.Invoke(one);
        }

        return first;
    }

    /// <summary>What would be built, and writes nothing: a package that is built already, or null, for each project.</summary>
    public IReadOnlyList<(BuildProject Project, BuiltPackage? Built)> Look(BuildProject project, CancellationToken cancellation)
    {
        var packages = Workspace.Packages(project, cancellation);
        var done = new Dictionary<PackageName, BuiltPackage>();
        var results = new List<(BuildProject, BuiltPackage?)>();
        foreach (var package in packages)
        {
            // What depends on something that is not built cannot be known to be.
            var (known, missing) = Known(package, packages);
            var isKnown = missing.Count == 0 && Workspace.Needed(package, packages).All(done.ContainsKey);
            var result = isKnown ? _build.Look(Request(package, packages, done, known, isDry: true), cancellation) : null;
            if (result is not null)
            {
                done[result.Package.Id.Name] = result;
            }

            results.Add((package, result));
        }

        return results;
    }

    static BuildRequest Request(
        BuildProject project, IReadOnlyList<BuildProject> packages, Dictionary<PackageName, BuiltPackage> done, IReadOnlyList<BuildDependency> known, bool isDry)
    {
        var members = project.Manifest.Package is null ? [] : Workspace.Needed(project, packages);
        var dependencies = members.Select(name => new BuildDependency(done[name].Package.Id, done[name].Package.Hash, BuildCache.RootOf(done[name], isDry)))
            .Concat(known).DistinctBy(d => d.Id).OrderBy(d => d.Id.Name).ThenBy(d => d.Id.Version);
        return new BuildRequest { Directory = project.Directory, Manifest = project.Manifest, Dependencies = [.. dependencies] };
    }

    /// <summary>What was brought for the build of a project, and whether something is missing.</summary>
    (IReadOnlyList<BuildDependency> Known, IReadOnlyList<PackageName> Missing) Known(BuildProject project, IReadOnlyList<BuildProject> packages) =>
        options.Dependencies(project) is { } known ? (known, []) : ([], [.. Workspace.BuildDependencies(project, packages)]);
}

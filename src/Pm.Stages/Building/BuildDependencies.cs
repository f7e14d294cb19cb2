using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Manifests;

namespace Pm.Stages.Building;

/// <summary>Where what a project needs for its building is put.</summary>
public static class BuildDependencies
{
    /// <summary>Below the directory of the manifest: a root, with <c>bin/</c>, <c>include/</c>, <c>lib/</c>, of what is the project's own.</summary>
    public const string Folder = ".pm/own";

    /// <summary>What a root says of itself: it has times in it.</summary>
    const string StateFolder = "var/";

    /// <summary>What a project needs is there, and counts with its content.</summary>
    /// <param name="project">What is built.</param>
    /// <param name="top">The directory of the workspace, whose lock and build dependencies members share; else its own.</param>
    /// <param name="given">Needs that are met in another way.</param>
    /// <param name="cancellation">Stops it between two files.</param>
    /// <exception cref="StageException">PM7308: it is not there.</exception>
    public static (ImmutableArray<string> Roots, ImmutableArray<KeyValuePair<string, string>> Inputs) Of(
        BuildProject project, string top, IReadOnlyCollection<PackageName> given, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(project);
        var place = Directory.Exists(Path.Join(project.Directory, Folder)) ? project.Directory : top;
        var root = Path.Join(place, Folder);
        if (Directory.Exists(root))
        {
            return ([root], [KeyValuePair.Create("build dependencies", BuildSource.Read(root, project.Manifest.Package!.Name, cancellation).Without(StateFolder).Identity)]);
        }

        var missing = project.Manifest.Dependencies.Where(d => d.Scope is DependencyScope.Build && !d.IsOptional && !given.Contains(d.Name)).Select(d => d.Name).ToList();
        return missing.Count == 0
            ? ([], [])
            : throw new StageException("PM7308", $"{project.Title}: the build needs {string.Join(", ", missing)}, and {PathText.Show(root)} is not there", "pm install .");
    }
}

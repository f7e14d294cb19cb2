using System.CommandLine;
using Pm.Cli.Commands.Projects;
using Pm.Packages.Manifests;
using Pm.Stages.Building;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>What a project needs, brought as its lockfile says and expanded for as long as it is built.</summary>
sealed class ProjectDependencies : IDisposable
{
    readonly ProjectFlow _flow;
    readonly ExpandedPackages _expanded;

    ProjectDependencies(ProjectFlow flow, ExpandedPackages expanded, KnownDependencies known) => (_flow, _expanded, Known) = (flow, expanded, known);

    public KnownDependencies Known { get; }

    /// <summary>Brings them; null where the directory has no project with build dependencies, or has a workspace, whose members are built together.</summary>
    /// <param name="context">The run.</param>
    /// <param name="directory">Absolute.</param>
    /// <param name="options">Of the command, where it has them.</param>
    /// <param name="parsed">Its command line.</param>
    public static async Task<ProjectDependencies?> BringAsync(PmContext context, string directory, ProjectOptions? options, ParseResult? parsed)
    {
        if (!Project.IsAt(directory) || Project.TryOpen(directory, directory == context.WorkingDirectory ? "" : Path.GetRelativePath(context.WorkingDirectory, directory)) is not { Manifest.Workspace: null } project
            || !project.Manifest.Dependencies.Any(d => d.Scope is DependencyScope.Build))
        {
            return null;
        }

        var flow = options is null ? new ProjectFlow(context, project) : options.Flow(context, parsed!, project, options.Read(parsed!));
        try
        {
            var file = await flow.FitAsync(isRenewed: false);
            flow.Save(file);
            var installer = await flow.BringAsync(file);
            var expanded = new ExpandedPackages(flow.Session.Store, context.CommandLine);
            flow.EndProgress();
            return new ProjectDependencies(flow, expanded, installer.ForProject(expanded));
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        _expanded.Dispose();
        _flow.Dispose();
    }
}

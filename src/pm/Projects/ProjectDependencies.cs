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

    readonly ProjectInstaller _installer;

    ProjectDependencies(ProjectFlow flow, ExpandedPackages expanded, ProjectInstaller installer) => (_flow, _expanded, _installer) = (flow, expanded, installer);

    /// <summary>What the build of the project, or of a member of its workspace, needs besides other members.</summary>
    public IReadOnlyList<BuildDependency> For(BuildProject built) => _installer.ForBuild(built, _expanded);

    /// <summary>Brings them; null where nothing in the directory is built with anything but members of its workspace.</summary>
    /// <param name="context">The run.</param>
    /// <param name="directory">Absolute.</param>
    /// <param name="options">Of the command, where it has them.</param>
    /// <param name="parsed">Its command line.</param>
    public static async Task<ProjectDependencies?> BringAsync(PmContext context, string directory, ProjectOptions? options, ParseResult? parsed)
    {
        if (!Project.IsAt(directory) || Project.TryOpen(directory, directory == context.WorkingDirectory ? "" : Path.GetRelativePath(context.WorkingDirectory, directory)) is not { } project
            || !NeedsAny(project))
        {
            return null;
        }

        var flow = options is null ? new ProjectFlow(context, project) : options.Flow(context, parsed!, project, options.Read(parsed!));
        try
        {
            var file = await flow.FitAsync(isRenewed: false);
            flow.Save(file);
            var installer = await flow.BringForBuildAsync(file);
            var expanded = new ExpandedPackages(flow.Session.Store, context.CommandLine);
            flow.EndProgress();
            return new ProjectDependencies(flow, expanded, installer);
        }
        catch
        {
            flow.Dispose();
            throw;
        }
    }

    static bool NeedsAny(Project project) => project.Manifest.Dependencies.Concat(project.Members.SelectMany(m => m.Manifest.Dependencies))
        .Any(d => d.Scope is DependencyScope.Build && project.MemberOf(d.Name) is null);

    public void Dispose()
    {
        _expanded.Dispose();
        _flow.Dispose();
    }
}

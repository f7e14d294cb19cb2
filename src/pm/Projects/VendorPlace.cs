using Pm.Cli.Output;
using Pm.Packages.Manifests;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>The directory that <c>pm vendor</c> writes to: always below the project, since it goes with it.</summary>
static class VendorPlace
{
    /// <param name="project">Whose.</param>
    /// <param name="named">As typed, relative to the project, or absolute; null: what its manifest says.</param>
    /// <returns>Relative to the project.</returns>
    /// <exception cref="CommandException">PM7245: none, or one that is not below the project.</exception>
    public static string Of(Project project, string? named)
    {
        if ((named ?? project.Manifest.Vendor) is not { } directory)
        {
            throw CommandException.Usage("PM7245", "no directory was named, and the manifest names none", "`pm vendor third_party`");
        }

        var relative = Path.GetRelativePath(project.Directory, Path.TrimEndingDirectorySeparator(Path.GetFullPath(directory, project.Directory)));
        return ManifestVendor.Fault(relative) is { } fault
            ? throw CommandException.Usage("PM7245", $"{Hostile.OneLine(directory)}: {fault}", "name a directory below the project: `pm vendor third_party`")
            : relative;
    }
}

using Pm.Packages;
using Pm.Packages.Locks;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>For verbs that look at what was chosen.</summary>
static class LockedProject
{
    /// <exception cref="CommandException">PM1190: nothing was chosen yet.</exception>
    public static Lockfile Require(Project project) => project.Locked
        ?? throw new CommandException(ExitCode.NotFound, "PM1190", $"there is no {Project.LockName}: nothing was chosen yet", "`pm lock` chooses");

    /// <summary>A package in every tree that has it.</summary>
    /// <exception cref="CommandException">PM1183: none has.</exception>
    public static IReadOnlyList<LockedPackage> Find(Project project, Lockfile file, PackageName name)
    {
        var found = file.Packages.Where(p => p.Id.Name == name).ToList();
        return found.Count > 0 ? found : throw NotUsed(project, name);
    }

    public static CommandException NotUsed(Project project, PackageName name) => new(
        ExitCode.NotFound, "PM1183", $"{project.Name} does not use {name}", $"`pm add {name}` makes it; `pm tree` shows what it uses");
}

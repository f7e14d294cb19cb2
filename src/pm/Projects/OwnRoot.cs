using Pm.Linux;
using Pm.Packages;
using Pm.Stages.Projects;
using Pm.Storage;

namespace Pm.Cli.Projects;

/// <summary>
/// Whether this user's pm made what lies below a project's <c>.pm</c>. A project may come from anywhere, and what comes with it is neither run nor read
/// as pm's own: its state could name any store, any journal, any program.
/// </summary>
static class OwnRoot
{
    const string IgnoreName = ".gitignore";

    /// <summary>Whether the root of the project in a directory is one of this user's.</summary>
    public static bool IsOurs(PmContext context, string directory)
    {
        using var store = Store.TryOpen(context.Settings.Store);
        return store is not null && new StoreRoots(store).Find(PathOf(directory)) is not null;
    }

    /// <summary>Takes note, durably, that the root of a project is made by this user, before it is.</summary>
    /// <exception cref="CommandException">PM1192: there is one already that came from elsewhere.</exception>
    public static void Claim(PmContext context, Project project)
    {
        using var store = Store.OpenOrCreate(context.Settings.Store);
        var roots = new StoreRoots(store);
        var path = PathOf(project.Directory);
        if (roots.Find(path) is not null)
        {
            return;
        }

        using (var there = DirectoryHandle.TryOpen(path))
        {
            if (there is not null && there.Entries().Any(e => e.Name != IgnoreName))
            {
                throw new CommandException(
                    ExitCode.Refused, "PM1192", $"{project.RootPath} was not made by this user's pm at this place: it came with the project, or the project was moved",
                    $"nothing in it is yours: `rm -r {PathText.Show(project.RootPath)}`, then the command again");
            }
        }

        roots.Save(new StoreRoot(path, []));
    }

    /// <summary>One name, whichever way somebody went there.</summary>
    static string PathOf(string directory)
    {
        using var handle = DirectoryHandle.Open(directory);
        return Path.Join(OpenFile.PathOf(handle) ?? directory, Project.StateDirectory);
    }
}

using Pm.Cli.Output;
using Pm.Packages.Manifests;
using Pm.Stages.Projects;

namespace Pm.Cli.Projects;

/// <summary>How commands come to the project that the settings name.</summary>
static class ProjectAccess
{
    /// <summary>The directory of the project that is meant.</summary>
    public static string DirectoryOf(PmContext context) => context.Settings.Project ?? context.WorkingDirectory;

    /// <summary>Whether a verb that knows roots and projects means a project: one was named, or the working directory has a manifest and no root was named.</summary>
    public static bool IsMeant(PmContext context)
    {
        if (context.Settings is { Project: not null, RootIsGiven: true })
        {
            throw CommandException.Usage("PM1180", "--root and --project contradict each other", "give one of them");
        }

        return context.Settings.Project is not null || (!context.Settings.RootIsGiven && Project.IsAt(context.WorkingDirectory));
    }

    /// <summary>Reads the project that is meant, and gives a context with what it sets; what pm does not know of it is said.</summary>
    /// <exception cref="CommandException">PM1181: there is none; PM1200: it sets something wrongly.</exception>
    public static (PmContext Context, Project Project) Open(PmContext context)
    {
        var directory = DirectoryOf(context);
        var shown = directory == context.WorkingDirectory ? "" : Path.GetRelativePath(context.WorkingDirectory, directory);
        var project = (Directory.Exists(directory) ? Project.TryOpen(directory, shown) : null) ?? throw NoProject(directory);
        foreach (var unknown in project.Manifest.UnknownFields)
        {
            var meant = unknown.Suggestion is { } suggestion ? $"; did you mean `{suggestion}`?" : "";
            context.Terminal.Note(Hostile.OneLine($"warning: {project.Manifest.Document.File}:{unknown.Position}: pm does not know `{unknown.Name}`{meant}"));
        }

        return (WithSettings(context, project.Manifest), project);
    }

    /// <summary>The context with what a project's manifest sets.</summary>
    /// <exception cref="CommandException">PM1200: it sets something wrongly.</exception>
    public static PmContext WithSettings(PmContext context, Manifest manifest) =>
        context.Sources.With(manifest.Document) is var sources && sources != context.Sources ? sources.Applied(context) : context;

    /// <summary>The first line of a change: which project it is about.</summary>
    public static void NameScope(PmContext context, Project project) => context.Terminal.Note(Hostile.OneLine($"project {project.Directory}"));

    /// <summary>The error where there is no project.</summary>
    public static CommandException NoProject(string directory) => new(
        ExitCode.NotFound, "PM1181", $"{directory}: there is no project here: no {string.Join(", ", ManifestFile.Names[..3])}, and no {ManifestFile.Names[3]} with a package or modules in it", "`pm init` begins one; `--project DIR` names another directory");
}

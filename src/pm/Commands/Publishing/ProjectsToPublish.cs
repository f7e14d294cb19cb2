using Pm.Cli.Commands.Packages;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Stages.Building;

namespace Pm.Cli.Commands.Publishing;

/// <summary>Packages that are built before they are published: those of directories with a manifest.</summary>
static class ProjectsToPublish
{
    /// <summary>The files to publish, in the order of what was named.</summary>
    /// <param name="context">The run. A dry run builds nothing, and says so of what is not built.</param>
    /// <param name="names">Files and directories as typed; none: the working directory.</param>
    /// <param name="key">What <c>--key</c> says.</param>
    /// <param name="types">What <c>--btf</c> says.</param>
    public static async Task<IReadOnlyList<FileToPublish>> FilesAsync(PmContext context, string[] names, string? key, string? types)
    {
        var files = new List<FileToPublish>();
        foreach (var name in names.Length == 0 ? ["."] : names)
        {
            // A directory without a manifest is told as one where a file is needed, unless nothing was named.
            if (Directory.Exists(context.FullPath(name)) && (names.Length == 0 || BuildProject.TryRead(context.FullPath(name), name) is not null))
            {
                files.AddRange(await BuildAsync(context, name, key, types));
            }
            else
            {
                files.Add(new FileToPublish(name, IsSignedLater: false));
            }
        }

        return files;
    }

    static async Task<IReadOnlyList<FileToPublish>> BuildAsync(PmContext context, string directory, string? named, string? types)
    {
        context = ProjectBuilds.WithSettings(context, directory);
        using var dependencies = context.Settings.DryRun ? null : await ProjectDependencies.BringAsync(context, context.FullPath(directory), null, null);
        using var progress = new BuildProgress(context);
        var build = new ProjectBuild(ProjectBuilds.Options(context, progress) with
        {
            Dependencies = built => dependencies?.For(built),
            TypesPath = types is null ? null : context.FullPath(types),
        });
        var project = ProjectBuilds.Read(context, directory);
        var key = PackageSigner.Choose(context, named);
        if (context.Settings.DryRun)
        {
            return [.. build.Look(project, context.Cancellation).Select(look => Seen(context, look.Project, look.Built, key is not null)).OfType<FileToPublish>()];
        }

        var built = await build.RunAsync(project, b => context.Terminal.Note($"{(b.IsCached ? "up to date:" : "built")} {b.Package.Id}, package hash {b.Package.Hash}"), context.Cancellation);
        return [.. built.Select(b => new FileToPublish(ProjectBuilds.Signed(context, b, key), IsSignedLater: false))];
    }

    static FileToPublish? Seen(PmContext context, BuildProject project, BuiltPackage? built, bool hasKey)
    {
        if (built is null)
        {
            context.Terminal.Note($"would build {Hostile.OneLine(project.Title)} {Hostile.OneLine(project.Manifest.Package!.Version.Text)}, and publish what comes of it");
        }

        return built is null ? null : new FileToPublish(built.File, hasKey);
    }
}

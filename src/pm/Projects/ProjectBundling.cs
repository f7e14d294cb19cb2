using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Commands.Projects;
using Pm.Cli.Commands.Running;
using Pm.Cli.Output;
using Pm.Packages.Locks;
using Pm.Packages.Manifests;
using Pm.Stages.Projects;
using Pm.Storage.Packing;

namespace Pm.Cli.Projects;

/// <summary><c>pm bundle FILE</c> of a project: all that its lockfile names in one file.</summary>
static class ProjectBundling
{
    public static async ValueTask<ExitCode> RunAsync(PmContext context, ParseResult parsed, ProjectOptions options, BundlePlace place)
    {
        place.Require();
        (context, var project) = ProjectAccess.Open(context);
        ProjectAccess.NameScope(context, project);
        var wish = options.Read(parsed);
        using var flow = options.Flow(context, parsed, project, wish);
        var file = await flow.FitAsync(isRenewed: wish.IsMinimal || !wish.Accepted.IsEmpty);
        if (!context.Settings.DryRun)
        {
            flow.Save(file);
            using var output = new OutputFile(place.Path);
            await flow.BundleAsync(file, output.Stream, Path.GetDirectoryName(place.Path)!);
            output.Commit();
        }

        flow.EndProgress();
        Tell(context, project, place, file);
        return ExitCode.Ok;
    }

    static void Tell(PmContext context, Project project, BundlePlace place, Lockfile file)
    {
        var packages = file.Packages.Where(p => p.Source is not PathSource).DistinctBy(p => (p.Id, p.Hash, p.Source)).ToList();
        var paths = file.Packages.Where(p => p.Source is PathSource).DistinctBy(p => p.Id).ToList();
        long? size = context.Settings.DryRun ? null : new FileInfo(place.Path).Length;
        Outcome.Write(context, "project-bundle", json => WriteMembers(json, project, place, packages, paths, size), () =>
        {
            var table = new Table("PACKAGE", "VERSION", "SOURCE");
            packages.ForEach(p => table.Add(p.Id.Name.Text, p.Id.Version.Text, SourceKeys.Describe(p.Source)));
            table.Write(context.Terminal);
            foreach (var path in paths)
            {
                context.Terminal.Note(Hostile.OneLine($"{path.Id} is not in it: take {SourceKeys.Describe(path.Source)} along as it is"));
            }

            context.Terminal.Note(size is { } bytes
                ? $"wrote {place.Shown}, {ByteSize.Text(bytes)}; there, in the project: `pm fetch --bundle {place.Shown}`, then `pm install --offline --locked`"
                : $"{place.Shown} would be written (dry run)");
        });
    }

    static void WriteMembers(Utf8JsonWriter json, Project project, BundlePlace place, List<LockedPackage> packages, List<LockedPackage> paths, long? size)
    {
        json.WriteString("project"u8, project.Directory);
        json.WriteString("file"u8, place.Path);
        json.WriteStartArray("packages"u8);
        foreach (var package in packages)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, package.Id.Name.Text);
            json.WriteString("version"u8, package.Id.Version.Text);
            json.WriteString("source"u8, SourceKeys.Describe(package.Source));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Outcome.WriteTexts(json, "paths", paths.Select(p => ((PathSource)p.Source).Path));
        if (size is { } bytes)
        {
            json.WriteNumber("size"u8, bytes);
        }
    }
}

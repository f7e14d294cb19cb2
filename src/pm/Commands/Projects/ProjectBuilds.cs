using Pm.Cli.Configuration;
using Pm.Cli.Output;
using Pm.Cli.Projects;
using Pm.Cli.Roots;
using Pm.Linux;
using Pm.Packages.Pkg;
using Pm.Stages.Building;
using Pm.Stages.Projects;
using Pm.Storage.Keys;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Projects;

/// <summary>What the commands that build have in common.</summary>
static class ProjectBuilds
{
    const int OwnerAll = 0b111_000_000;

    public static BuildOptions Options(PmContext context, BuildProgress progress) => new()
    {
        Cache = Path.Join(context.Settings.Cache, "builds"),
        Now = context.Time.GetUtcNow(),
        Observer = progress.Observer,
        Environment = Variables(context),
        Scratch = Scratch(context),
    };

    /// <summary>Where builds take place.</summary>
    public static string Scratch(PmContext context) => context.Sources.Get(SettingTable.BuildScratch)!;

    /// <summary>How many commands a build runs at once; null: nobody says, and it is for the number of processors to say.</summary>
    public static int? Jobs(PmContext context) => context.Sources.Find(SettingTable.Jobs).Level is SettingLevel.Default ? null : context.Sources.Get(SettingTable.Jobs);

    /// <summary>The environment, with where tools are where a file says it.</summary>
    public static IReadOnlyDictionary<string, string> Variables(PmContext context) => context.Sources.Find(SettingTable.BuildPath) is { Level: SettingLevel.User or SettingLevel.System, Text: { } path }
        ? new Dictionary<string, string>(context.Environment, StringComparer.Ordinal) { [SettingTable.BuildPath.Variables[0].Name] = path }
        : context.Environment;

    /// <summary>The context with what the manifest of a directory sets; without one, the error comes when it is read.</summary>
    public static PmContext WithSettings(PmContext context, string directory) =>
        ManifestFile.TryRead(context.FullPath(directory), directory == "." ? "" : directory) is { } manifest ? ProjectAccess.WithSettings(context, manifest) : context;

    /// <summary>Reads the manifest of a directory and warns of keys that nobody knows.</summary>
    public static BuildProject Read(PmContext context, string directory)
    {
        var project = BuildProject.Read(context.FullPath(directory), directory);
        foreach (var field in project.Manifest.UnknownFields)
        {
            var meant = field.Suggestion is { } suggestion ? $"; did you mean `{suggestion}`?" : "";
            context.Terminal.Note(Hostile.OneLine($"warning: {project.File}:{field.Position.Line}:{field.Position.Column}: pm knows no key `{field.Name}`{meant}"));
        }

        return project;
    }

    /// <summary>Copies a package out of the cache, with a signature where there is a key.</summary>
    public static void Write(PmContext context, BuiltPackage built, string file, KeyListing? key)
    {
        using var output = new OutputFile(file);
        using var source = File.OpenRead(built.File);
        if (key is null)
        {
            source.CopyTo(output.Stream);
        }
        else
        {
            using var archive = PkgArchive.Open(source, built.File);
            PkgResigning.Write(output.Stream, archive, Signatures.Program(context).Sign(archive.ManifestBytes, key.Fingerprint, context.Cancellation));
        }

        output.Commit();
    }

    /// <summary>
    /// The package with a signature, in the cache beside the unsigned: one for each key, so that an upload that broke off goes on with the same
    /// bytes. Without a key, the unsigned.
    /// </summary>
    public static string Signed(PmContext context, BuiltPackage built, KeyListing? key)
    {
        if (key is null)
        {
            return built.File;
        }

        var folder = Path.Join(Path.GetDirectoryName(built.File), $"signed-{key.Fingerprint}");
        var file = Path.Join(folder, Path.GetFileName(built.File));
        if (!File.Exists(file))
        {
            using (DirectoryHandle.OpenOrMake(folder, OwnerAll))
            {
            }

            Write(context, built, file, key);
        }

        return file;
    }
}

using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Storage.Packing;
using Pm.Storage.Unpacking;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm pkg unpack FILE DIR</c>: the files of one package, as they would be installed.</summary>
static class UnpackPackageCommand
{
    public const string Summary = "expand one package to its files";

    public static CommandDeclaration Declare()
    {
        var file = new Argument<string>("FILE") { Description = "a .pkg or .far file" };
        var directory = new Argument<string>("DIR") { Description = "where its files go; made if it is missing" };
        var source = new Option<bool>("--source") { Description = "write root/, meta.yaml, bin/ and meta/, so that `pm pkg create DIR` packs it again" };
        var force = new Option<bool>("--force") { Description = "replace files that are there already" };
        var setId = new Option<bool>("--allow-set-id") { Description = "keep set-user-id, set-group-id and sticky bits" };
        var rewrite = new Option<bool>("--rewrite-links") { Description = "make absolute symbolic links relative, with DIR in place of /" };
        return new CommandDeclaration
        {
            Arguments = [file, directory],
            Options = [source, force, setId, rewrite],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.GetRequiredValue(file), parsed.GetRequiredValue(directory), parsed.Given(source),
                new UnpackOptions
                {
                    Overwrites = parsed.Given(force),
                    AllowsSetId = parsed.Given(setId),
                    RewritesLinks = parsed.Given(rewrite),
                    MaximumEntries = int.MaxValue,
                })),
        };
    }

    static ExitCode Run(PmContext context, string file, string directory, bool isSource, UnpackOptions options)
    {
        using var opened = PackageFile.Open(context, file, allowsOutsideLinks: true);
        if (context.Settings.DryRun)
        {
            var sizes = new MeasuredBlobs();
            var checkedPackage = opened.Expand(sizes);
            Tell(context, checkedPackage, Foreseen(checkedPackage, sizes), directory);
            return ExitCode.Ok;
        }

        using var blobs = new ScratchBlobs(Scratch.Folder(context));
        var package = opened.Expand(blobs);
        using var destination = UnpackDestination.Open(context.FullPath(directory));
        using var unpacker = new SafeUnpacker(destination.Directory, destination.IsFresh, options, file, () => long.MaxValue);
        if (isSource)
        {
            PackageExpansion.WriteSource(package, blobs.Open, unpacker);
        }
        else
        {
            PackageExpansion.WriteFiles(package, blobs.Open, unpacker, folder: "");
        }

        var report = unpacker.Finish();
        destination.Commit();
        Tell(context, package, report, directory);
        return ExitCode.Ok;
    }

    static UnpackReport Foreseen(Package package, MeasuredBlobs sizes) => new(
        package.Entries.Count(e => e.Kind == EntryKind.File),
        package.Entries.Count(e => e.Kind == EntryKind.Directory),
        package.Entries.Count(e => e.Kind == EntryKind.Symlink),
        package.Entries.Where(e => e.Kind == EntryKind.File).Sum(e => sizes[e.Root]),
        [], []);

    static void Tell(PmContext context, Package package, UnpackReport report, string directory)
    {
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "package-unpacked", json => Write(json, package, report, directory));
            return;
        }

        context.Terminal.Note($"{(context.Settings.DryRun ? "would unpack" : "unpacked")} {package.Id}: {(report.Files == 1 ? "1 file" : $"{report.Files} files")} ({ByteSize.Text(report.Bytes)}) into {directory}");
    }

    static void Write(Utf8JsonWriter json, Package package, UnpackReport report, string directory)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, package.Id.Name.Text);
        json.WriteString("version"u8, package.Id.Version.Text);
        json.WriteString("hash"u8, package.Hash.ToString());
        json.WriteString("directory"u8, directory);
        json.WriteNumber("files"u8, report.Files);
        json.WriteNumber("directories"u8, report.Directories);
        json.WriteNumber("links"u8, report.Symlinks);
        json.WriteNumber("bytes"u8, report.Bytes);
        json.WriteEndObject();
    }
}

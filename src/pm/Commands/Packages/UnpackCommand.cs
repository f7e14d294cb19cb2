using System.CommandLine;
using System.Text.Json;
using Pm.Cli.Output;
using Pm.Storage.Unpacking;

namespace Pm.Cli.Commands.Packages;

/// <summary><c>pm unpack ARCHIVE DIR</c>.</summary>
static class UnpackCommand
{
    public const string Summary = "unpack any archive, safely";

    public static CommandDeclaration Declare()
    {
        var archive = new Argument<string>("ARCHIVE") { Description = "a tar (also compressed), zip, far or pkg file" };
        var directory = new Argument<string>("DIR") { Description = "where its files go; made if it is missing" };
        var force = new Option<bool>("--force") { Description = "replace files that are there already" };
        var skip = new Option<bool>("--skip-special") { Description = "pass over devices, FIFOs and unknown entries in place of refusing the archive" };
        var setId = new Option<bool>("--allow-set-id") { Description = "keep set-user-id, set-group-id and sticky bits" };
        var rewrite = new Option<bool>("--rewrite-links") { Description = "make absolute symbolic links relative, with DIR in place of /" };
        var entries = new Option<int?>("--max-entries") { Description = "refuse an archive of more entries (default: 250000)", HelpName = "N" };
        var size = new Option<long?>("--max-bytes") { Description = "refuse an archive of more bytes, unpacked (default: 64 GiB)", HelpName = "N" };
        var ratio = new Option<int?>("--max-ratio") { Description = "refuse more unpacked bytes for each packed one, once 256 MiB are written (default: 1000)", HelpName = "N" };
        return new CommandDeclaration
        {
            Arguments = [archive, directory],
            Options = [force, skip, setId, rewrite, entries, size, ratio],
            Takes = CommonOptions.Json | CommonOptions.DryRun | CommonOptions.Progress,
            Exits = [ExitCode.NotFound, ExitCode.Invalid],
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(
                context, parsed.GetRequiredValue(archive), parsed.GetRequiredValue(directory), UnpackLimit.Apply(
                    new UnpackOptions
                    {
                        Overwrites = parsed.Given(force),
                        SkipsSpecial = parsed.Given(skip),
                        AllowsSetId = parsed.Given(setId),
                        RewritesLinks = parsed.Given(rewrite),
                    },
                    parsed.Given(entries), parsed.Given(size), parsed.Given(ratio)))),
        };
    }

    static ExitCode Run(PmContext context, string archive, string directory, UnpackOptions options)
    {
        using var stream = InputFile.Open(context, archive);
        if (context.Settings.DryRun)
        {
            return List(context, stream, archive, options);
        }

        using var destination = UnpackDestination.Open(context.FullPath(directory));
        try
        {
            var report = Unpack(context, stream, archive, destination, options);
            Tell(context, report, directory);
            return ExitCode.Ok;
        }
        catch (Exception) when (SayPartial(context, destination, directory))
        {
            throw;
        }
    }

    static UnpackReport Unpack(
        PmContext context, FileStream stream, string archive, UnpackDestination destination, UnpackOptions options)
    {
        using var progress = new Progress(context, "unpacking", stream.Length);
        var done = 0L;
        return ArchiveUnpacking.Unpack(stream, archive, destination, options, position =>
        {
            context.Cancellation.ThrowIfCancellationRequested();
            progress.Advance(position - done);
            done = position;
        });
    }

    // A filter that speaks and lets the error pass.
    static bool SayPartial(PmContext context, UnpackDestination destination, string directory)
    {
        if (!destination.IsFresh && destination.Partial is { Files: > 0 } partial)
        {
            context.Terminal.Say($"{Count(partial.Files, "file")} ({ByteSize.Text(partial.Bytes)}) had been written into {directory} before");
        }

        return false;
    }

    static ExitCode List(PmContext context, Stream stream, string archive, UnpackOptions options)
    {
        var entries = ArchiveListing.Read(stream, archive, options);
        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "archive", json => Write(json, entries));
            return ExitCode.Ok;
        }

        var table = new Table("KIND", "SIZE", "PATH");
        foreach (var entry in entries)
        {
            table.Add(entry.Kind, $"{entry.Size}", entry.Target is null ? entry.Path : $"{entry.Path} -> {entry.Target}");
        }

        table.Write(context.Terminal);
        return ExitCode.Ok;
    }

    static void Tell(PmContext context, UnpackReport report, string directory)
    {
        foreach (var skipped in report.Skipped)
        {
            context.Terminal.Say($"passed over: {Hostile.OneLine(skipped)}");
        }

        foreach (var note in report.Notes)
        {
            context.Terminal.Say($"note: {Hostile.OneLine(note)}");
        }

        if (context.Settings.Json)
        {
            JsonOutput.Write(context.Terminal, "unpacked", json => Write(json, report, directory));
            return;
        }

        context.Terminal.Note(
            $"unpacked {Count(report.Files, "file")}, {Count(report.Directories, "directory", "directories")} and "
            + $"{Count(report.Symlinks, "link")} ({ByteSize.Text(report.Bytes)}) into {directory}");
    }

    static string Count(int count, string one, string? many = null) => count == 1 ? $"1 {one}" : $"{count} {many ?? one + "s"}";

    static void Write(Utf8JsonWriter json, IReadOnlyList<ListedEntry> entries)
    {
        json.WriteStartObject();
        json.WriteStartArray("entries"u8);
        foreach (var entry in entries)
        {
            json.WriteStartObject();
            json.WriteString("path"u8, entry.Path);
            json.WriteString("kind"u8, entry.Kind);
            json.WriteNumber("size"u8, entry.Size);
            json.WriteString("target"u8, entry.Target);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    static void Write(Utf8JsonWriter json, UnpackReport report, string directory)
    {
        json.WriteStartObject();
        json.WriteString("directory"u8, directory);
        json.WriteNumber("files"u8, report.Files);
        json.WriteNumber("directories"u8, report.Directories);
        json.WriteNumber("links"u8, report.Symlinks);
        json.WriteNumber("bytes"u8, report.Bytes);
        Strings(json, "skipped", report.Skipped);
        Strings(json, "notes", report.Notes);
        json.WriteEndObject();
    }

    static void Strings(Utf8JsonWriter json, string name, IReadOnlyList<string> values)
    {
        json.WriteStartArray(name);
        foreach (var value in values)
        {
            json.WriteStringValue(Pm.Packages.PathText.Show(value));
        }

        json.WriteEndArray();
    }
}

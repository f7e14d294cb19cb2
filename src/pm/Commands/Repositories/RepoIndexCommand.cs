using System.CommandLine;
using System.Text;
using Pm.Cli.Output;
using Pm.Packages;
using Pm.Stages.Projects;
using Pm.Storage.Packing;

namespace Pm.Cli.Commands.Repositories;

/// <summary><c>pm repo index DIR</c></summary>
static class RepoIndexCommand
{
    public const string Summary = "list the packages that lie in the directories of one, as Markdown";

    const int MostOfPage = 16 << 20;

    sealed record Request(string Directory, string? Output, string Prefix, bool Checks);

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string>("DIR") { Description = "has a directory for each package" };
        var output = new Option<string?>("--output", "-o") { Description = "the page to write the list into, between its two marks (default: standard output)", HelpName = "FILE" };
        var prefix = new Option<string?>("--prefix") { Description = "what stands before each name in the links (default: the name of DIR)", HelpName = "PATH" };
        var check = new Option<bool>("--check") { Description = "write nothing, and fail when the page is not as it would be written" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [output, prefix, check],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.Invalid, ExitCode.Findings],
            RunAsync = (context, parsed) =>
            {
                var full = context.FullPath(parsed.GetRequiredValue(directory));
                return ValueTask.FromResult(Run(context, new Request(
                    full, parsed.Given(output), (parsed.Given(prefix) ?? Path.GetFileName(Path.TrimEndingDirectorySeparator(full))).Trim('/'), parsed.Given(check))));
            },
        };
    }

    static ExitCode Run(PmContext context, Request request)
    {
        if (!Directory.Exists(request.Directory))
        {
            throw new CommandException(ExitCode.NotFound, "PM0008", $"{Hostile.OneLine(request.Directory)}: no such directory", "`pm repo index DIR`");
        }

        if (request.Checks && request.Output is null)
        {
            throw CommandException.Usage("PM1002", "`--check` holds a page against the list: which?", "`pm repo index --check -o FILE DIR`");
        }

        var entries = HubIndex.Read(request.Directory);
        var lines = HubIndex.Lines(entries, request.Prefix);
        var isNew = request.Output is { } output && Write(context, request, output, lines);
        Outcome.Write(
            context, "package-index",
            json =>
            {
                json.WriteString("file"u8, request.Output is null ? null : context.FullPath(request.Output));
                json.WriteBoolean("changed"u8, isNew);
                json.WriteStartArray("packages"u8);
                foreach (var entry in entries)
                {
                    json.WriteStartObject();
                    json.WriteString("directory"u8, entry.Folder);
                    json.WriteString("name"u8, entry.Package?.Name.Text);
                    json.WriteString("version"u8, entry.Package?.Version.Text);
                    json.WriteString("title"u8, entry.Title);
                    json.WriteString("summary"u8, entry.Summary);
                    json.WriteString("category"u8, entry.Category);
                    Outcome.WriteTexts(json, "tags", entry.Tags);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
            },
            () =>
            {
                if (request.Output is null)
                {
                    context.Terminal.Data(Hostile.Visible(lines.TrimEnd('\n')));
                    return;
                }

                context.Terminal.Note(Hostile.OneLine(
                    $"{request.Output}: {entries.Count} packages{(!isNew ? ", as it was" : context.Settings.DryRun ? "; nothing was written (dry run)" : "")}"));
            });
        return ExitCode.Ok;
    }

    /// <returns>Whether the page was another one.</returns>
    /// <exception cref="CommandException">PM7316: it is, and was only to be checked.</exception>
    static bool Write(PmContext context, Request request, string output, string lines)
    {
        var path = context.FullPath(output);
        var page = File.Exists(path) ? Page(path, output) : null;
        var text = HubIndex.Updated(page, lines, output);
        if (text == page)
        {
            return false;
        }

        if (request.Checks)
        {
            throw new CommandException(ExitCode.Findings, "PM7316", Hostile.OneLine($"{output}: the index is not that of {PathText.Show(request.Directory)}"), Hostile.OneLine($"`pm repo index -o {output} …` writes it"));
        }

        if (!context.Settings.DryRun)
        {
            // What a run that was killed left goes with it.
            using var file = new OutputFile(path);
            file.Stream.Write(Encoding.UTF8.GetBytes(text));
            file.Commit();
        }

        return true;
    }

    static string Page(string path, string shown) => new FileInfo(path).Length <= MostOfPage
        ? File.ReadAllText(path)
        : throw new CommandException(ExitCode.Invalid, "PM7315", Hostile.OneLine($"{shown}: a page of more than {MostOfPage} bytes is not read"));
}

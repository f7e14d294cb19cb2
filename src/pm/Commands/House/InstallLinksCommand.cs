using System.CommandLine;
using Pm.Cli.Output;
using Pm.Cli.Personalities;
using Pm.Linux;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm install-links DIR</c></summary>
static class InstallLinksCommand
{
    public const string Summary = "link the other names of pm into a directory";

    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string>("DIR") { Description = "the directory to put the links in; it must exist" };
        var force = new Option<bool>("--force") { Description = "replace files that have one of the names" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            Options = [force],
            Takes = CommonOptions.Json | CommonOptions.DryRun,
            Exits = [ExitCode.NotFound, ExitCode.NotPermitted, ExitCode.Conflict],
            MendsConfiguration = true,
            RunAsync = (context, parsed) => ValueTask.FromResult(
                Run(context, context.FullPath(parsed.GetRequiredValue(directory)), parsed.Given(force))),
        };
    }

    static ExitCode Run(PmContext context, string directory, bool force)
    {
        if (!Directory.Exists(directory))
        {
            throw new CommandException(ExitCode.NotFound, "PM0008", $"no such directory: {directory}", $"mkdir -p {directory}");
        }

        using var handle = DirectoryHandle.Open(directory);
        var links = PersonalityTable.Entries.Select(p => new PersonalityLink(context.ExecutablePath, handle, p.Name)).ToList();
        if (links.FirstOrDefault(l => l.State() == LinkState.Foreign) is { } foreign && !force)
        {
            throw new CommandException(ExitCode.Conflict, "PM1010", $"{foreign.Path} exists and is not a link to pm", "`--force` replaces it");
        }

        var missing = links.Where(l => l.State() != LinkState.Made).ToList();
        Dictionary<string, LinkKind> made = [];
        if (!context.Settings.DryRun)
        {
            missing.ForEach(l => made.Add(l.Path, l.Make()));
            handle.Sync();
        }

        Outcome.Write(
            context,
            "links",
            json =>
            {
                Outcome.WriteTexts(json, "links", links.Select(l => l.Path));
                Outcome.WriteTexts(json, "made", missing.Select(l => l.Path));
            },
            () => links.ForEach(l => context.Terminal.Note(Text(l))));
        return ExitCode.Ok;

        string Text(PersonalityLink link) => !missing.Contains(link) ? $"{link.Path} is a link to pm already"
            : !made.TryGetValue(link.Path, out var kind) ? $"would link {link.Path}"
            : $"linked {link.Path}{(kind == LinkKind.Symbolic ? " (symbolic: another file system)" : "")}";
    }
}

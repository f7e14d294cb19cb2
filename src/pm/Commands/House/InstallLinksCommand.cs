using System.CommandLine;
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
            Takes = CommonOptions.DryRun,
            Exits = [ExitCode.NotPermitted, ExitCode.Conflict],
            RunAsync = (context, parsed) => ValueTask.FromResult(
                Run(context, context.FullPath(parsed.GetRequiredValue(directory)), parsed.GetValue(force))),
        };
    }

    static ExitCode Run(PmContext context, string directory, bool force)
    {
        if (!Directory.Exists(directory))
        {
            throw new CommandException(ExitCode.Failed, "PM0008", $"no such directory: {directory}", $"mkdir -p {directory}");
        }

        using var handle = DirectoryHandle.Open(directory);
        var links = PersonalityTable.Entries.Select(p => new PersonalityLink(context.ExecutablePath, handle, p.Name)).ToList();
        if (links.FirstOrDefault(l => l.State() == LinkState.Foreign) is { } foreign && !force)
        {
            throw new CommandException(ExitCode.Conflict, "PM1010", $"{foreign.Path} exists and is not a link to pm", "`--force` replaces it");
        }

        foreach (var link in links)
        {
            Make(context, link);
        }

        return ExitCode.Ok;
    }

    static void Make(PmContext context, PersonalityLink link)
    {
        if (link.State() == LinkState.Made)
        {
            context.Terminal.Note($"{link.Path} is a link to pm already");
        }
        else if (context.Settings.DryRun)
        {
            context.Terminal.Note($"would link {link.Path}");
        }
        else
        {
            var kind = link.Make();
            context.Terminal.Note($"linked {link.Path}{(kind == LinkKind.Symbolic ? " (symbolic: another file system)" : "")}");
        }
    }
}

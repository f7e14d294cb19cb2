using System.CommandLine;
using Pm.Cli.Manuals;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm __manuals DIR</c>: writes every man page; for <c>make docs</c>.</summary>
static class ManualsCommand
{
    public static CommandDeclaration Declare()
    {
        var directory = new Argument<string>("DIR") { Description = "where to write the pages" };
        return new CommandDeclaration
        {
            Arguments = [directory],
            MendsConfiguration = true,
            RunAsync = (context, parsed) => ValueTask.FromResult(Run(context, context.FullPath(parsed.GetRequiredValue(directory)))),
        };
    }

    static ExitCode Run(PmContext context, string directory)
    {
        Directory.CreateDirectory(directory);
        foreach (var entry in CommandTable.Entries.Where(e => e.Task != CommandTask.Hidden))
        {
            var name = "pm-" + entry.Words.Replace(' ', '-');
            File.WriteAllText(Path.Combine(directory, name + ".1"), ManPage.Write(name, CommandManual.Of(entry)));
        }

        File.WriteAllText(Path.Combine(directory, "pm.1"), ManPage.Write("pm", OverviewPage.Blocks()));
        File.WriteAllText(Path.Combine(directory, $"{DaemonManual.Name}.1"), ManPage.Write(DaemonManual.Name, DaemonManual.Blocks()));
        context.Terminal.Note($"man pages written to {directory}");
        return ExitCode.Ok;
    }
}

using System.CommandLine;
using Pm.Cli.Manuals;
using Pm.Stages.Manuals;

namespace Pm.Cli.Commands.House;

/// <summary><c>pm __manuals DIR</c>: writes every man page; for <c>make docs</c>.</summary>
static class ManualsCommand
{
    const string TextDate = "2025-11-20";

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
            Write(name, CommandManual.Of(entry));
        }

        Write("pm", OverviewPage.Blocks());
        Write(DaemonManual.Name, DaemonManual.Blocks());
        context.Terminal.Note($"man pages written to {directory}");
        return ExitCode.Ok;

        void Write(string name, IReadOnlyList<ManualBlock> blocks) =>
            File.WriteAllText(Path.Combine(directory, name + ".1"), ManPage.Write(new ManTitle(name, 1, TextDate, $"pm {Product.Version}", "pm manual"), blocks));
    }
}

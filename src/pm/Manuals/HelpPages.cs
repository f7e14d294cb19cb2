using Pm.Cli.Commands;
using Pm.Cli.Output;

namespace Pm.Cli.Manuals;

/// <summary>What <c>pm</c>, <c>pm help</c> and <c>--help</c> show.</summary>
static class HelpPages
{
    const int Indent = 2;
    const int Column = 20;

    /// <summary>The short usage: commands by what one wants to do.</summary>
    public static void Usage(Terminal terminal)
    {
        terminal.Data("pm takes software from source to running on a fleet of Unix machines.");
        terminal.Data("");
        terminal.Data("Usage: pm COMMAND [OPTION]… [ARGUMENT]…");
        foreach (var (task, title) in Titles)
        {
            Write(terminal, title, CommandTable.Entries.Where(e => e.Task == task));
        }

        terminal.Data("");
        terminal.Data("`pm help COMMAND` shows a manual with examples, `pm explain PMnnnn` an error, `pm help pmd` the server.");
    }

    /// <summary>The verbs of a group.</summary>
    public static void Group(Terminal terminal, CommandGroup group)
    {
        terminal.Data($"pm {group.Word}: {group.Summary}");
        terminal.Data("");
        terminal.Data($"Usage: pm {group.Word} VERB [OPTION]… [ARGUMENT]…");
        Write(terminal, "Verbs", CommandTable.Verbs(group));
        terminal.Data("");
        terminal.Data($"`pm help {group.Word} VERB` shows a manual with examples.");
    }

    /// <summary>The manual of a command.</summary>
    public static void Command(Terminal terminal, CommandEntry entry) => TerminalPage.Write(terminal, CommandManual.Of(entry));

    static readonly (CommandTask Task, string Title)[] Titles =
    [
        (CommandTask.Install, "Install and run"),
        (CommandTask.Projects, "Work on a project"),
        (CommandTask.Look, "Look"),
        (CommandTask.Undo, "Undo and mend"),
        (CommandTask.Remotes, "Remotes"),
        (CommandTask.Packages, "Packages"),
        (CommandTask.Keys, "Keys"),
        (CommandTask.Repositories, "Repositories"),
        (CommandTask.House, "pm itself"),
    ];

    static void Write(Terminal terminal, string title, IEnumerable<CommandEntry> entries)
    {
        var isFirst = true;
        foreach (var entry in entries)
        {
            if (isFirst)
            {
                terminal.Data("");
                terminal.Data(terminal.DataPaint.Bold(title));
                isFirst = false;
            }

            foreach (var line in TerminalPage.Definition(entry.Words, entry.Summary, Indent, Column, Math.Max(60, terminal.Width)))
            {
                terminal.Data(line);
            }
        }
    }
}

namespace Pm.Cli.Tests.Gear;

/// <summary>One step of a case: a command line and what it must give.</summary>
sealed class CaseStep
{
    /// <summary>Blank lines and prose before the command, kept when the file is rewritten.</summary>
    public required IReadOnlyList<string> Before { get; init; }

    /// <summary>A line for /bin/sh that prepares or looks, rather than one for pm.</summary>
    public required bool IsShell { get; init; }

    public required string Command { get; init; }

    public List<string> Output { get; init; } = [];

    public List<string> Talk { get; init; } = [];

    public int Exit { get; set; }
}

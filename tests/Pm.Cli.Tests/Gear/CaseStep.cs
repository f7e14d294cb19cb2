namespace Pm.Cli.Tests.Gear;

/// <summary>One step of a case: a command line and what it must give.</summary>
sealed class CaseStep
{
    /// <summary>Blank lines and prose before the command, kept when the file is rewritten.</summary>
    public required IReadOnlyList<string> Before { get; init; }

    /// <summary>What the line begins with: <c>$</c> for pm, <c>%</c> for /bin/sh, <c>&amp;</c> for a server that runs beside.</summary>
    public required char Mark { get; init; }

    public required string Command { get; init; }

    public List<string> Output { get; init; } = [];

    public List<string> Talk { get; init; } = [];

    public int Exit { get; set; }
}

using System.CommandLine;

namespace Pm.Cli.Commands;

/// <summary>What one command takes and what it does. The manual's synopsis, options and exit codes are made from it.</summary>
sealed class CommandDeclaration
{
    public IReadOnlyList<Argument> Arguments { get; init; } = [];

    public IReadOnlyList<Option> Options { get; init; } = [];

    /// <summary>Which of the options that several commands share this one takes.</summary>
    public CommonOptions Takes { get; init; }

    /// <summary>How it may end, apart from 0, 1 and 2, which every command has.</summary>
    public IReadOnlyList<ExitCode> Exits { get; init; } = [];

    /// <summary>Whether every failure of it ends with 1, also a wrong command line: who drives it knows no other.</summary>
    public bool FailsWithOne { get; init; }

    /// <summary>Whether a configuration file that will not do counts as none: it explains such a file, or mends it.</summary>
    public bool MendsConfiguration { get; init; }

    /// <summary>Runs it. The context carries the settings that the common options made.</summary>
    public required Func<PmContext, ParseResult, ValueTask<ExitCode>> RunAsync { get; init; }

    /// <summary>Proposes values for its arguments that begin with a prefix; null where they are files.</summary>
    public Func<PmContext, string, IEnumerable<string>>? Complete { get; init; }
}

namespace Pm.Cli;

/// <summary>A command cannot do what it was asked: a wrong command line, or something named on it that will not do.</summary>
/// <param name="exit">What the process ends with.</param>
/// <param name="code">PMnnnn, with a page in <c>Errors</c>.</param>
/// <param name="message">Lower case, no full stop.</param>
/// <param name="hint">What to do, with the exact command in backticks.</param>
#pragma warning disable CA1032 // The general constructors would allow an error without a code.
sealed class CommandException(ExitCode exit, string code, string message, string? hint = null) : Exception(message)
#pragma warning restore CA1032
{
    public ExitCode Exit { get; } = exit;

    public string Code { get; } = code;

    public string? Hint { get; } = hint;

    /// <summary>The command line is wrong: exit 2.</summary>
    public static CommandException Usage(string code, string message, string? hint = null) =>
        new(ExitCode.Usage, code, message, hint);
}

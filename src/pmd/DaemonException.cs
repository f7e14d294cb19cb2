namespace Pm.Daemon;

/// <summary>The daemon cannot start, or go on, as it was asked to.</summary>
/// <param name="exit">What the process ends with: the table of <c>pm help exit-codes</c>.</param>
/// <param name="code">PMnnnn, with a page in <c>src/pm/Errors</c>.</param>
/// <param name="message">Lower case, no full stop.</param>
/// <param name="hint">What to do.</param>
#pragma warning disable CA1032 // The general constructors would allow an error without a code.
sealed class DaemonException(int exit, string code, string message, string? hint = null) : Exception(message)
#pragma warning restore CA1032
{
    public const int UsageExit = 2;
    public const int NotFoundExit = 4;
    public const int NotPermittedExit = 5;
    public const int InvalidExit = 6;
    public const int RefusedExit = 7;

    public int Exit { get; } = exit;

    public string Code { get; } = code;

    public string? Hint { get; } = hint;
}

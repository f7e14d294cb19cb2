namespace Pm.Cli;

/// <summary>An error as a person sees it.</summary>
/// <param name="Exit">What the process ends with.</param>
/// <param name="Code">PMnnnn.</param>
/// <param name="Message">What failed, where, expected and actual.</param>
/// <param name="Hint">What to do about it.</param>
sealed record Failure(ExitCode Exit, string Code, string Message, string? Hint = null);

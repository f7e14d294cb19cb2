using Pm.Resolution;

namespace Pm.Cli.Roots;

/// <summary>A conflict of demands as an error: the contradiction first, then each demand with its path.</summary>
static class Conflicts
{
    public static CommandException ToException(ResolutionResult.Conflict conflict)
    {
        var because = string.Concat(conflict.Because.Select(line => $"\n  {line}"));
        var exit = conflict.Code is "PM7002" or "PM7003" ? ExitCode.NotFound : ExitCode.Conflict;
        var hint = conflict.Hint is { } text && text.StartsWith("pm ", StringComparison.Ordinal) ? $"`{text}`" : conflict.Hint;
        return new CommandException(exit, conflict.Code, conflict.Message + because, hint);
    }
}

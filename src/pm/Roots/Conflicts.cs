using Pm.Resolution;
using Pm.Stages.Changes;

namespace Pm.Cli.Roots;

/// <summary>A conflict of demands as an error: the contradiction first, then each demand with its path.</summary>
static class Conflicts
{
    /// <summary>The proposal, or the conflict as an error.</summary>
    public static Proposal Require(ProposalResult result) => result switch
    {
        ProposalResult.Possible possible => possible.Proposal,
        ProposalResult.Impossible impossible => throw ToException(impossible.Conflict),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    static CommandException ToException(ResolutionResult.Conflict conflict)
    {
        // Where the name was typed, it was looked for elsewhere first.
        var tried = conflict.Code == "PM7002" && conflict.Because.IsEmpty ? ": no such file, no URL, and no remote offers it" : "";
        var because = string.Concat(conflict.Because.Select(line => $"\n  {line}"));
        var exit = conflict.Code is "PM7002" or "PM7003" ? ExitCode.NotFound : ExitCode.Conflict;
        var hint = conflict.Hint is { } text && text.StartsWith("pm ", StringComparison.Ordinal) ? $"`{text}`" : conflict.Hint;
        return new CommandException(exit, conflict.Code, conflict.Message + tried + because, hint);
    }
}

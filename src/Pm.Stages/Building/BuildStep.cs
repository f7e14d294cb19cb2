using System.Collections.Immutable;

namespace Pm.Stages.Building;

/// <summary>One command of a build.</summary>
/// <param name="Program">A name to look up along the search path, or a path.</param>
/// <param name="Arguments">Without its own name.</param>
sealed record BuildStep(string Program, params ImmutableArray<string> Arguments)
{
    /// <summary>Given what it said when it failed: what is run in its place; null: nothing, it has failed.</summary>
    public Func<string, BuildStep?>? Retry { get; init; }

    /// <summary>What is run when it ended well, before the next step; null: nothing.</summary>
    public Func<BuildStep?>? Next { get; init; }

    /// <summary>Is given what it said when it ended well.</summary>
    public Action<string>? Said { get; init; }

    /// <summary>Given what it said when it failed: what helps; null: that is not known.</summary>
    public Func<string, string?>? Hint { get; init; }

    /// <summary>As it stands in the log.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program).Select(Quoted));

    static string Quoted(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "/._-+=:,@%$".Contains(c)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}

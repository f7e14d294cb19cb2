using System.Collections.Immutable;

namespace Pm.Resolution;

/// <summary>What a resolution ends in: a <see cref="Solved"/> set, or a <see cref="Conflict"/> that a person can follow.</summary>
public abstract record ResolutionResult
{
    private protected ResolutionResult()
    {
    }

    /// <summary>The chosen packages, each name once a tree, sorted by tree and name.</summary>
    public sealed record Solved(ImmutableArray<Selection> Packages) : ResolutionResult;

    /// <summary>No set fulfils all demands.</summary>
    /// <param name="Code">PM7nnn.</param>
    /// <param name="Message">The contradiction in one line.</param>
    /// <param name="Because">How it comes about: the demands that contradict, each with its whole path from an ask, or numbered conclusions.</param>
    /// <param name="Hint">What to type or to change, or null.</param>
    public sealed record Conflict(string Code, string Message, ImmutableArray<string> Because, string? Hint)
        : ResolutionResult
    {
        /// <summary>The facts that contradict each other; no smaller number of them does.</summary>
        public ImmutableArray<ConflictFact> Facts { get; init; } = [];
    }
}

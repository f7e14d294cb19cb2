using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>What a resolution ends in: a <see cref="Solved"/> set, or a <see cref="Conflict"/> that a person can follow.</summary>
public abstract record ResolutionResult
{
    private protected ResolutionResult()
    {
    }

    /// <summary>The chosen packages, each name once, sorted by name.</summary>
    public sealed record Solved(ImmutableArray<Selection> Packages) : ResolutionResult;

    /// <summary>No set fulfils all demands.</summary>
    /// <param name="Code">PM7nnn.</param>
    /// <param name="Message">The contradiction in one line.</param>
    /// <param name="Because">The demands that contradict, each with its whole path from an ask.</param>
    /// <param name="Hint">What to type, or null.</param>
    public sealed record Conflict(string Code, string Message, ImmutableArray<string> Because, string? Hint)
        : ResolutionResult;
}

/// <summary>A chosen package.</summary>
/// <param name="Candidate">The chosen version.</param>
/// <param name="IsAsked">Wanted by somebody; otherwise it is here because others need it.</param>
/// <param name="RequiredBy">The chosen packages whose dependencies name it, sorted.</param>
public sealed record Selection(Candidate Candidate, bool IsAsked, ImmutableArray<PackageName> RequiredBy)
{
    /// <summary>Name and version of the choice.</summary>
    public PackageId Id => Candidate.Id;
}

using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>A chosen package.</summary>
/// <param name="Candidate">The chosen version.</param>
/// <param name="IsAsked">Wanted by somebody; otherwise it is here because others need it.</param>
/// <param name="RequiredBy">The chosen packages whose dependencies name it, sorted.</param>
public sealed record Selection(Candidate Candidate, bool IsAsked, ImmutableArray<PackageName> RequiredBy)
{
    /// <summary>Whose alone it is: the names of the dependents from the outermost, <c>app</c> or <c>app › lib</c>; "" for what all share.</summary>
    public string Tree { get; init; } = "";

    /// <summary>Other versions that are this one under another label.</summary>
    public ImmutableArray<PackageVersion> Equivalents { get; init; } = [];

    /// <summary>Name and version of the choice.</summary>
    public PackageId Id => Candidate.Id;
}

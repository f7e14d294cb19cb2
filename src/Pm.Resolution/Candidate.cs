using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Versions;

namespace Pm.Resolution;

/// <summary>One version of a package that could be chosen, with what it needs.</summary>
/// <param name="Id">Name and version.</param>
/// <param name="Needs">What its <c>deps:</c> and <c>requires:</c> say.</param>
/// <param name="IsYanked">Chosen only when it is named exactly, or when it is installed or locked already.</param>
public sealed record Candidate(PackageId Id, ImmutableArray<Need> Needs, bool IsYanked)
{
    /// <summary>A candidate of what a package says of itself. A requirement that cannot be read makes it one that cannot be chosen.</summary>
    /// <param name="id">Name and version.</param>
    /// <param name="dependencies">Its <c>deps:</c>.</param>
    /// <param name="requires">Its <c>requires:</c>; from outside, so perhaps not requirements at all.</param>
    /// <param name="isYanked">Whether its publisher withdrew it.</param>
    public static Candidate Of(
        PackageId id, ImmutableArray<Dependency> dependencies, IReadOnlyDictionary<PackageName, string> requires, bool isYanked)
    {
        if (requires.Count == 0 && dependencies.IsEmpty)
        {
            return new Candidate(id, [], isYanked);
        }

        var needs = ImmutableArray.CreateBuilder<Need>(dependencies.Length + requires.Count);
        needs.AddRange(dependencies.Select(Need.Of));
        foreach (var (name, text) in requires)
        {
            if (!VersionRequirement.TryParse(text, out var requirement, out var fault))
            {
                return new Candidate(id, [], isYanked) { Fault = $"its requirement on {name}, column {fault.Position + 1}: {fault.Message}" };
            }

            needs.Add(new Need(name, requirement));
        }

        return new Candidate(id, needs.MoveToImmutable(), isYanked);
    }

    /// <summary>When it was published; null where nobody says, and then no age is asked of it.</summary>
    public DateTimeOffset? Published { get; init; }

    /// <summary>What versions that are one have in common: a commit, or a content hash; null: it is like no other.</summary>
    public string? Equivalence { get; init; }

    /// <summary>Why it cannot be chosen: a requirement of it cannot be read; null: it can.</summary>
    public string? Fault { get; init; }
}

using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Versions that were published a short while ago are left alone: somebody may find out what is wrong with them first.</summary>
/// <param name="Now">The time of reference.</param>
/// <param name="Least">How long a version has to be there.</param>
public sealed record MinimumAge(DateTimeOffset Now, TimeSpan Least)
{
    /// <summary>Names of which no age is asked.</summary>
    public ImmutableHashSet<PackageName> Exempt { get; init; } = [];

    /// <summary>Whether a version is too young.</summary>
    public bool Refuses(PackageName name, DateTimeOffset? published) =>
        published is { } time && Now - time < Least && !Exempt.Contains(name);
}

using System.Collections.Immutable;
using Pm.Packages;

namespace Pm.Resolution;

/// <summary>Something that is so and contributes to a conflict: a demand, or why versions cannot be chosen.</summary>
public abstract record ConflictFact
{
    private protected ConflictFact()
    {
    }

    /// <summary>Somebody wants a package.</summary>
    public sealed record Asked(Ask Ask) : ConflictFact;

    /// <summary>Versions of a package need another.</summary>
    public sealed record Needed(PackageName Name, ImmutableArray<PackageVersion> Versions, Need Need) : ConflictFact;

    /// <summary>Versions were withdrawn.</summary>
    public sealed record Yanked(PackageName Name, ImmutableArray<PackageVersion> Versions) : ConflictFact;

    /// <summary>Versions were published too short a time ago.</summary>
    public sealed record TooYoung(PackageName Name, ImmutableArray<PackageVersion> Versions, TimeSpan Least) : ConflictFact;

    /// <summary>A version says something that cannot be read.</summary>
    public sealed record Unreadable(PackageId Id, string Fault) : ConflictFact;

    /// <summary>These need each other in a ring.</summary>
    /// <param name="Path">Ends in what it begins with, perhaps in another version.</param>
    public sealed record Cycle(ImmutableArray<string> Path) : ConflictFact;
}

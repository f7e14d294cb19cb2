namespace Pm.Packages.Index;

/// <summary>A package that a search found, by its newest version.</summary>
public sealed record SearchHit(AvailablePackage Package, SearchRank Rank);

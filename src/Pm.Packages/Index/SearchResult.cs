namespace Pm.Packages.Index;

/// <summary>What a search found.</summary>
/// <param name="Hits">The best ones, best first.</param>
/// <param name="Total">How many there are.</param>
public sealed record SearchResult(IReadOnlyList<SearchHit> Hits, int Total);

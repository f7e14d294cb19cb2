namespace Pm.Daemon.Pages.Search;

/// <summary>How many packages of a repository were found.</summary>
/// <param name="Namespace">Of the repository.</param>
/// <param name="Total">How many.</param>
public sealed record RepositoryHits(string Namespace, int Total);

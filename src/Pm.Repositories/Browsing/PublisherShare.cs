namespace Pm.Repositories.Browsing;

/// <summary>A publisher and how many versions are theirs.</summary>
/// <param name="Fingerprint">Of the primary key; null: what nobody signed.</param>
/// <param name="Versions">How many versions they signed.</param>
public sealed record PublisherShare(string? Fingerprint, int Versions);

namespace Pm.Remotes.Publishing;

/// <summary>A version that a server has.</summary>
/// <param name="Hash">The package hash; null where it travels as its <c>.pkg</c> alone.</param>
/// <param name="IsYanked">Whether it is withdrawn.</param>
public sealed record PublishedVersion(string? Hash, bool IsYanked);

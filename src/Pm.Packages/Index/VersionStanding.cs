namespace Pm.Packages.Index;

/// <summary>What an index says of a version before its text is read.</summary>
/// <param name="IsYanked">Whether it was withdrawn.</param>
/// <param name="IsPreRelease">Whether it is a pre-release.</param>
/// <param name="IsSame">Whether another version has the same content.</param>
/// <param name="Published">When; null: it is not said.</param>
public readonly record struct VersionStanding(bool IsYanked, bool IsPreRelease, bool IsSame, DateTimeOffset? Published);

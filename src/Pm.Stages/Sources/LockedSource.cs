namespace Pm.Stages.Sources;

/// <summary>What a lockfile says of a source.</summary>
/// <param name="Commit">Of a git repository: all digits of the commit's hash. Null: not locked.</param>
/// <param name="Tree">See <see cref="CheckedOutSource.Tree"/>; null: any.</param>
public sealed record LockedSource(string? Commit, string? Tree);

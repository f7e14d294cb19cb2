namespace Pm.Storage;

/// <summary>What one registered root means to a collection.</summary>
/// <param name="Path">Of the root.</param>
/// <param name="IsReachable">False: it cannot be read now, so all that it was known to need stays.</param>
/// <param name="KeptGenerations">How many of its generations stay.</param>
/// <param name="FreedBytes">What only its collected generations needed.</param>
/// <param name="Note">Why nothing of it is collected, where that is so.</param>
public sealed record RootUsage(string Path, bool IsReachable, int KeptGenerations, long FreedBytes, string? Note);

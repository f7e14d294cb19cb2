namespace Pm.Storage;

/// <summary>A generation that goes.</summary>
public sealed record CollectedGeneration(string RootPath, int Number, DateTimeOffset Made);

namespace Pm.Remotes.Downloads;

/// <summary>A body that broke off and waits to be gone on with.</summary>
/// <param name="Name">Its file.</param>
/// <param name="Size">Bytes that are there.</param>
/// <param name="Modified">When the last of them came.</param>
public readonly record struct KeptPart(string Name, long Size, DateTimeOffset Modified);

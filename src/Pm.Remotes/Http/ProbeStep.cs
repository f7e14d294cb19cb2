namespace Pm.Remotes.Http;

/// <summary>One step on the way to a server.</summary>
/// <param name="Name">proxy, connection, tunnel, certificate or answer.</param>
/// <param name="IsGood">Whether the next one could be made.</param>
/// <param name="Detail">What was seen.</param>
/// <param name="Hint">What to do about it.</param>
public sealed record ProbeStep(string Name, bool IsGood, string Detail, string? Hint = null);

namespace Pm.Daemon.Pages.Repositories;

/// <summary>A key of the metadata.</summary>
/// <param name="Id">Its fingerprint as TUF computes it.</param>
/// <param name="Public">The Ed25519 key itself in hexadecimal; absent where it is of another kind.</param>
public sealed record RoleKey(string Id, string? Public);

namespace Pm.Trust.Tuf.Changes;

/// <summary>One thing that a change changes, for a person to read before signing.</summary>
/// <param name="What">version, expires, threshold, key-added, key-removed, delegates, delegation-removed, package-added …: in kebab case.</param>
/// <param name="Role">Of which role; its name is data.</param>
/// <param name="Detail">A key id, a path, or before and after.</param>
public sealed record ChangeLine(string What, string Role, string Detail);

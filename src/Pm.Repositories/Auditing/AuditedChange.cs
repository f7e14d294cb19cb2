namespace Pm.Repositories.Auditing;

/// <summary>What somebody does to a repository.</summary>
/// <param name="Action"><c>publish</c>, <c>yank</c>, <c>unyank</c>, <c>token create</c>, <c>token revoke</c>.</param>
/// <param name="Subject">The package, or the token.</param>
/// <param name="Detail">The package hash, the reason, the scopes.</param>
public sealed record AuditedChange(string Action, string Subject, string? Detail = null);

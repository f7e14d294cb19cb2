using Pm.Packages;

namespace Pm.Repositories.Publishing;

/// <summary>A version that is to be withdrawn, or no longer.</summary>
/// <param name="Package">Which.</param>
/// <param name="Reason">Shown to users.</param>
/// <param name="IsUndone">No longer.</param>
public sealed record YankRequest(PackageId Package, string? Reason, bool IsUndone);

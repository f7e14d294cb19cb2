using Pm.Storage;

namespace Pm.Stages.Hooks;

/// <summary>A script that a change comes by.</summary>
/// <param name="Hook">Whose, and when.</param>
/// <param name="Obstacle">Why it does not run; null: it does.</param>
public sealed record DueScript(DueHook Hook, string? Obstacle);

namespace Pm.Storage;

/// <summary>What the three-way rule (pristine old, current, new) makes of one configuration file.</summary>
/// <param name="Path">Relative to the root.</param>
/// <param name="Outcome">What happens to it.</param>
/// <param name="Beside">Where the new version is put when the edited one stays.</param>
public sealed record ConfigurationDecision(string Path, ConfigurationOutcome Outcome, string? Beside = null);

namespace Pm.Daemon.Settings;

/// <summary>One setting: a flag and a variable that say the same.</summary>
/// <param name="Flag"><c>--listen</c></param>
/// <param name="Variable"><c>PM_LISTEN</c></param>
/// <param name="Value">What stands for the value in the help.</param>
/// <param name="Description">For the help.</param>
/// <param name="Apply">Puts a value into the settings; throws a <see cref="DaemonException"/> for a wrong one.</param>
sealed record Setting(string Flag, string Variable, string Value, string Description, Func<DaemonSettings, string, DaemonContext, DaemonSettings> Apply)
{
    /// <summary>Whether the flag may be given several times; then the variable has its values apart by commas.</summary>
    public bool IsRepeatable { get; init; }
}

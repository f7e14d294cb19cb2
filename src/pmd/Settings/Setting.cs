namespace Pm.Daemon.Settings;

/// <summary>One setting: a flag, a variable and a key of a file that say the same.</summary>
/// <param name="Flag"><c>--listen</c></param>
/// <param name="Variable"><c>PM_LISTEN</c></param>
/// <param name="Value">What stands for the value in the help.</param>
/// <param name="Description">For the help.</param>
/// <param name="Apply">Puts a value into the settings; throws a <see cref="DaemonException"/> for a wrong one.</param>
sealed record Setting(string Flag, string Variable, string Value, string Description, Func<DaemonSettings, string, DaemonContext, DaemonSettings> Apply)
{
    /// <summary>What it is called in a file: <c>listen</c>.</summary>
    public string Key => Flag[2..];

    /// <summary>Whether the flag may be given several times; then the variable has its values apart by commas, and a file has a list.</summary>
    public bool IsRepeatable { get; init; }
}

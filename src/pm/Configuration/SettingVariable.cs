namespace Pm.Cli.Configuration;

/// <summary>A variable of the environment that says a setting.</summary>
/// <param name="Name"><c>PM_JOBS</c></param>
sealed record SettingVariable(string Name)
{
    /// <summary>Makes the setting's text of the variable's, which is not empty; null: it says nothing.</summary>
    public Func<string, string?> Meaning { get; init; } = text => text;
}

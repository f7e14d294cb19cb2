namespace Pm.Cli.Configuration;

/// <summary>What a setting is in this run, and who says so.</summary>
/// <param name="Text">Null: it is not set and has no default.</param>
/// <param name="Level">Who says it.</param>
/// <param name="Place">The flag, the variable or the path of the file; null for a default.</param>
/// <param name="Line">In that file, from 1.</param>
readonly record struct SettingValue(string? Text, SettingLevel Level, string? Place = null, int Line = 0)
{
    /// <summary><c>--jobs</c>, <c>PM_JOBS</c>, <c>/etc/pm/config.toml:3</c> or <c>default</c>.</summary>
    public string Origin => Place is null ? "default" : Line == 0 ? Place : $"{Place}:{Line}";
}

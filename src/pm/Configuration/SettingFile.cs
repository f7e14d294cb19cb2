namespace Pm.Cli.Configuration;

/// <summary>What a file sets.</summary>
/// <param name="Level">Whose it is.</param>
/// <param name="Path">As messages call it.</param>
/// <param name="Values">The text of each setting in it, and the line where it stands.</param>
/// <param name="Warnings">What of it counts for nothing, a line each.</param>
sealed record SettingFile(
    SettingLevel Level, string Path, IReadOnlyDictionary<Setting, (string Text, int Line)> Values, IReadOnlyList<string> Warnings)
{
    public SettingValue? Find(Setting setting) =>
        Values.TryGetValue(setting, out var value) ? new SettingValue(value.Text, Level, Path, value.Line) : null;
}

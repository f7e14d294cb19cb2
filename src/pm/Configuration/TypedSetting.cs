namespace Pm.Cli.Configuration;

/// <summary>A setting whose values are of a type.</summary>
sealed class TypedSetting<T> : Setting
{
    public required SettingReader<T> Read { get; init; }

    public override bool Accepts(string text) => Read(text, out _);
}

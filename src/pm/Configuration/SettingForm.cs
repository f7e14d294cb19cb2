namespace Pm.Cli.Configuration;

/// <summary>How a value is written in a file.</summary>
enum SettingForm
{
    /// <summary>In quotes.</summary>
    Text,

    /// <summary>In quotes: a whole path, or one below <c>~/</c>. On a command line and in a variable it may be relative.</summary>
    Path,

    /// <summary>In quotes: several of these, with colons between them.</summary>
    Paths,

    /// <summary><c>true</c> or <c>false</c></summary>
    Switch,

    /// <summary>Digits without quotes.</summary>
    Number,

    /// <summary>In quotes with a unit, or digits without quotes: seconds.</summary>
    Time,
}

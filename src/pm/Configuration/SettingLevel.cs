namespace Pm.Cli.Configuration;

/// <summary>Who set something: a later one wins. Source: design §9.</summary>
enum SettingLevel
{
    Default,
    System,
    User,
    Project,
    Variable,
    Flag,
}

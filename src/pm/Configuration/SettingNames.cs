using Pm.Cli.Commands;

namespace Pm.Cli.Configuration;

/// <summary>What people call settings.</summary>
static class SettingNames
{
    /// <summary>The setting of a key on a command line.</summary>
    /// <exception cref="CommandException">PM1201: there is none; PM1203: it would be a secret.</exception>
    public static Setting Require(string name) => SettingTable.Find(name)
        ?? throw (Near(name) is null && SecretNames.Has(name)
            ? CommandException.Usage("PM1203", $"`{name}` looks like a secret, and a configuration file is no place for one", SecretNames.Hint(null))
            : CommandException.Usage("PM1201", $"there is no setting `{name}`", Near(name) is { } near ? $"did you mean `{near}`?" : "`pm config list` shows all settings"));

    /// <summary>What a key may have been meant for, to be put behind a message; "" when nothing is near.</summary>
    public static string Meant(string name) => Near(name) is { } near ? $"; did you mean `{near}`?" : "";

    /// <summary>Proposes keys that begin with a prefix.</summary>
    public static IEnumerable<string> Complete(string prefix) => SettingTable.All
        .Where(s => s.Name.StartsWith(prefix, StringComparison.Ordinal))
        .Select(s => $"{s.Name}\t{s.Description}");

    // Its flag or its variable is no typo.
    static string? Near(string name) =>
        SettingTable.All.FirstOrDefault(s => s.Flag == name || s.Variables.Any(v => v.Name == name) || s.Name.Equals(name.Replace('_', '-'), StringComparison.OrdinalIgnoreCase))?.Name
        ?? Typo.Nearest(name, SettingTable.All.Select(s => s.Name));
}

using Pm.Cli.Commands;
using Pm.Cli.Configuration;
using Pm.Stages.Manuals;

namespace Pm.Cli.Manuals;

/// <summary>The page pm(1): every command with its summary, the files and variables that all of them share.</summary>
static class OverviewPage
{
    public static IReadOnlyList<ManualBlock> Blocks() =>
    [
        Section("Name"), new ManualBlock.Paragraph("pm - takes software from source to running on a fleet of Unix machines"),
        Section("Synopsis"), new ManualBlock.Code("pm COMMAND [OPTION]… [ARGUMENT]…"),
        Section("Commands"),
        .. CommandTable.Entries.Where(e => e.Task != CommandTask.Hidden).Select(e => new ManualBlock.Definition("pm " + e.Words, e.Summary)),
        Section("Settings"),
        new ManualBlock.Paragraph(
            "Each is an option of the commands that it matters to, a variable of the environment, a key of a configuration file: an option wins over a variable, a variable over a file; `pm help config set` says how the files win over each other."),
        .. SettingTable.All.Select(s => new ManualBlock.Definition(Names(s), $"{s.Description} (default: {s.Otherwise})")),
        Section("Files"),
        .. Files.Select(f => new ManualBlock.Definition(f.Name, f.Meaning)),
        Section("Environment"),
        .. Variables.Select(v => new ManualBlock.Definition(v.Name, v.Meaning)),
        Section("Exit status"),
        .. Enum.GetValues<ExitCode>().Select(e => new ManualBlock.Definition(((int)e).ToString(System.Globalization.CultureInfo.InvariantCulture), CommandManual.Meaning(e))),
    ];

    static readonly (string Name, string Meaning)[] Variables =
    [
        ("PM_REPO", "the repository that commands work on where none is named"),
        ("PM_TOKEN", "the token for a server, in place of what `pm token login` keeps"),
        ("PM_PMD", "where pmd is, in place of beside pm"),
        ("HOME, XDG_CONFIG_HOME, XDG_DATA_HOME, XDG_CACHE_HOME", "where the user's files are, as elsewhere; a path that is not whole is ignored"),
        ("http_proxy, https_proxy, all_proxy, no_proxy", "which proxy leads where, as elsewhere; not to this machine itself"),
        ("PM_DEBUG", "when set, an internal error shows where it happened"),
        ("NO_COLOR, CLICOLOR_FORCE, TERM", "whether to use colour, as elsewhere"),
    ];

    static readonly (string Name, string Meaning)[] Files =
    [
        ("$XDG_CONFIG_HOME/pm/config.toml, else ~/.config/pm/config.toml", "settings of the user"),
        ("/etc/pm/config.toml", "settings of the machine"),
        ("pm.toml", "what a project needs, and in [settings] the few settings that it may set"),
    ];

    static string Names(Setting setting) =>
        string.Join(", ", new[] { setting.Name, setting.Flag }.OfType<string>().Concat(setting.Variables.Select(v => v.Name)));

    static ManualBlock.Heading Section(string title) => new(2, title);
}

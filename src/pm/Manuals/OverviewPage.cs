using Pm.Cli.Commands;

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
        Section("Environment"),
        .. Variables.Select(v => new ManualBlock.Definition(v.Name, v.Meaning)),
        Section("Exit status"),
        .. Enum.GetValues<ExitCode>().Select(e => new ManualBlock.Definition(((int)e).ToString(System.Globalization.CultureInfo.InvariantCulture), CommandManual.Meaning(e))),
    ];

    static readonly (string Name, string Meaning)[] Variables =
    [
        ("PM_ROOT", "the root to work on, as --root"),
        ("PM_STORE", "the store in place of the user's own"),
        ("PM_CACHE", "where sources and builds of projects are kept, in place of ~/.cache/pm (/var/cache/pm for the super-user)"),
        ("PM_LOCK_TIMEOUT", "as --lock-timeout"),
        ("PM_JOBS", "as --jobs"),
        ("PM_BUILD_PATH, PM_BUILD_SCRATCH", "where builds find tools, and take place"),
        ("PM_SCRIPTS", "whether scripts of signed packages run: never, ask (each is shown first) or allow"),
        ("PM_OFFLINE", "when set, as --offline"),
        ("PM_PROXY, PM_CA_FILE", "as --proxy and --ca-file"),
        ("http_proxy, https_proxy, all_proxy, no_proxy", "which proxy leads where, as elsewhere; not to this machine itself"),
        ("PM_NO_INPUT", "when set, as --no-input"),
        ("PM_PGP_ID, PM_PGP_EMAIL", "the key that signs packages"),
        ("PM_DEBUG", "when set, an internal error shows where it happened"),
        ("NO_COLOR, CLICOLOR_FORCE, TERM", "whether to use colour, as elsewhere"),
    ];

    static ManualBlock.Heading Section(string title) => new(2, title);
}

namespace Pm.Cli;

/// <summary>Where things lie when nobody says otherwise: design §4 and the XDG base directory specification.</summary>
static class DefaultPaths
{
    const uint SuperUser = 0;

    /// <summary><c>/usr/local</c> for the super-user, <c>~/.local</c> for others.</summary>
    /// <remarks>Null when HOME does not say.</remarks>
    public static string? Root(uint user, IReadOnlyDictionary<string, string> environment) =>
        user == SuperUser ? "/usr/local" : Below(Home(environment), ".local");

    /// <summary><c>/var/lib/pm/store</c> for the super-user, below the data directory of others.</summary>
    /// <remarks>Null when neither HOME nor XDG_DATA_HOME says.</remarks>
    public static string? Store(uint user, IReadOnlyDictionary<string, string> environment) =>
        user == SuperUser
            ? "/var/lib/pm/store"
            : Below(Xdg(environment, "XDG_DATA_HOME", ".local/share"), "pm/store");

    /// <summary><c>/var/cache/pm</c> for the super-user, below the cache directory of others: sources and builds, which can be had again.</summary>
    /// <remarks>Null when neither HOME nor XDG_CACHE_HOME says.</remarks>
    public static string? Cache(uint user, IReadOnlyDictionary<string, string> environment) =>
        user == SuperUser ? "/var/cache/pm" : Below(Xdg(environment, "XDG_CACHE_HOME", ".cache"), "pm");

    /// <summary>Where a user's configuration is, whoever it is: <c>~/.config/pm</c>.</summary>
    /// <remarks>Null when neither HOME nor XDG_CONFIG_HOME says.</remarks>
    public static string? Configuration(IReadOnlyDictionary<string, string> environment) => Below(Xdg(environment, "XDG_CONFIG_HOME", ".config"), "pm");

    /// <summary>The home directory; null when HOME does not say.</summary>
    public static string? Home(IReadOnlyDictionary<string, string> environment) =>
        environment.TryGetValue("HOME", out var home) && Path.IsPathFullyQualified(home) ? home : null;

    /// <summary>The error of a command that needs a place which cannot be told.</summary>
    public static CommandException Homeless() =>
        CommandException.Usage("PM1008", "HOME is not an absolute path", "set HOME, or say where with `--root DIR` and PM_STORE");

    /// <summary>A directory of the XDG specification, which says to ignore a value that is not absolute.</summary>
    static string? Xdg(IReadOnlyDictionary<string, string> environment, string name, string below) =>
        environment.TryGetValue(name, out var value) && Path.IsPathFullyQualified(value) ? value : Below(Home(environment), below);

    static string? Below(string? directory, string path) => directory is null ? null : Path.Combine(directory, path);
}

namespace Pm.Storage;

/// <summary>What gpg and gpgv are given of the user's environment: nothing else reaches them.</summary>
public sealed record OpenPgpEnvironment
{
    static readonly string[] Passed =
    [
        "PATH", "HOME", "GNUPGHOME", "USER", "LOGNAME", "TERM", "GPG_TTY", "DISPLAY", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR",
        "DBUS_SESSION_BUS_ADDRESS",
    ];

    /// <summary>The variables of the user's that concern GnuPG and the asking for a passphrase.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>An existing directory for temporary files.</summary>
    public required string Scratch { get; init; }

    /// <summary>Takes what is needed out of a whole environment.</summary>
    /// <param name="get">Gives a variable's value, or null.</param>
    public static OpenPgpEnvironment From(Func<string, string?> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        var variables = Passed.Where(name => get(name) is not null).ToDictionary(name => name, name => get(name)!);
        // Messages and listings are parsed, so they must not be translated.
        variables["LANG"] = "C";
        variables["LC_ALL"] = "C";
        return new OpenPgpEnvironment { Variables = variables, Scratch = get("TMPDIR") is { Length: > 0 } scratch ? scratch : "/tmp" };
    }
}

namespace Pm.Storage.Keys;

/// <summary>What gpg and gpgv are given of the user's environment: nothing else reaches them.</summary>
public sealed record OpenPgpEnvironment
{
    /// <summary>What gpg, its agent and the window that asks for a passphrase go by.</summary>
    static readonly string[] Passed =
    [
        "PATH", "HOME", "GNUPGHOME", "USER", "LOGNAME", "TERM", "TZ", "TMPDIR", "DISPLAY", "WAYLAND_DISPLAY", "XAUTHORITY",
        "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "PINENTRY_USER_DATA",
    ];

    const string DefaultScratch = "/tmp";

    /// <summary>The variables of the user's that concern GnuPG and the asking for a passphrase.</summary>
    public required IReadOnlyDictionary<string, string> Variables { get; init; }

    /// <summary>An existing directory for temporary files, absolute.</summary>
    public string Scratch { get; init; } = DefaultScratch;

    /// <summary>PM_PGP_ID, else PM_PGP_EMAIL: the key to sign with where the command line names none.</summary>
    public string? SigningKey { get; init; }

    /// <summary>The terminal on which gpg-agent may ask for a passphrase, <c>/dev/pts/3</c>; null: nobody is asked.</summary>
    public string? Terminal { get; init; }

    /// <summary>Takes what is needed out of a whole environment.</summary>
    /// <param name="get">Gives a variable's value, or null.</param>
    public static OpenPgpEnvironment From(Func<string, string?> get)
    {
        ArgumentNullException.ThrowIfNull(get);
        var variables = Passed.Where(name => get(name) is { Length: > 0 }).ToDictionary(name => name, name => get(name)!);
        // What is printed is read by pm, so it must not be translated.
        variables["LANG"] = "C";
        variables["LC_ALL"] = "C";
        return new OpenPgpEnvironment
        {
            Variables = variables,
            Scratch = get("TMPDIR") is { } scratch && Path.IsPathFullyQualified(scratch) ? scratch : DefaultScratch,
            SigningKey = get("PM_PGP_ID") is { Length: > 0 } id ? id : get("PM_PGP_EMAIL") is { Length: > 0 } mail ? mail : null,
        };
    }
}

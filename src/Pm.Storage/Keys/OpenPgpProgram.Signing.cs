using System.Globalization;
using System.Text;
using Pm.Linux;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage.Keys;

/// <content>Working with the user's own GnuPG: secret keys never leave it.</content>
public sealed partial class OpenPgpProgram
{
    /// <summary>sockaddr_un(7) has 108 bytes; the longest name of gpg-agent's sockets is S.gpg-agent.browser.</summary>
    const int LongestHome = 87;

    /// <summary>The keys that this user can sign with, if they were chosen, usable or not.</summary>
    /// <exception cref="StoreException">PM4030: no gpg; PM4034: it refused.</exception>
    public IReadOnlyList<KeyListing> SecretKeys(CancellationToken cancellation = default)
    {
        var (result, _) = RunOfUser(["--with-colons", "--list-secret-keys"], o => o, cancellation);
        return result.IsSuccess
            ? KeyListingReader.Read(result.OutputText)
            : throw Failed("the secret keys could not be listed", result, HomeHint());
    }

    /// <summary>
    /// The secret key that <paramref name="wanted"/> names, else PM_PGP_ID, else PM_PGP_EMAIL; without any of them the
    /// only one there is.
    /// </summary>
    /// <exception cref="StoreException">PM4035: none or several; those are listed.</exception>
    public KeyListing ChooseSecretKey(string? wanted = null, CancellationToken cancellation = default)
    {
        var text = wanted ?? environment.SigningKey;
        var all = SecretKeys(cancellation);
        var named = text is null ? all : KeySearch.Find(all, text, k => k.Fingerprint, k => k.UserIds);
        var usable = named.Where(k => k.CanSign).ToList();
        return usable.Count switch
        {
            1 => usable[0],
            > 1 => throw KeySearch.Ambiguous(
                "PM4035", text is null ? "one key must sign, and GnuPG holds" : $"`{ShownText.Of(text)}` names",
                usable.Select(k => (k.Fingerprint, k.UserId)), "choose one: PM_PGP_ID=FINGERPRINT"),
            _ => throw NoSecretKey(text, named),
        };
    }

    /// <summary>Signs with a key of the user's GnuPG.</summary>
    /// <param name="key">The primary key; gpg takes the subkey that signs.</param>
    /// <returns>A detached signature, ASCII-armoured: a file NAME.asc.</returns>
    /// <exception cref="StoreException">PM4034: gpg refused, for want of a passphrase for example.</exception>
    public byte[] Sign(ReadOnlyMemory<byte> content, Fingerprint key, CancellationToken cancellation = default) =>
        Sign(key, o => o with { Input = content }, cancellation);

    /// <inheritdoc cref="Sign(ReadOnlyMemory{byte}, Fingerprint, CancellationToken)"/>
    public byte[] Sign(Stream content, Fingerprint key, CancellationToken cancellation = default) =>
        Sign(key, o => o with { InputStream = content, Timeout = Timeout.InfiniteTimeSpan }, cancellation);

    /// <summary>Makes sure that a new key would be the only one of its user id.</summary>
    /// <exception cref="StoreException">PM4036: there is such a key; PM4030, PM4034: gpg.</exception>
    public void RequireNoKeyOf(string userId, CancellationToken cancellation = default)
    {
        if (SecretKeys(cancellation).FirstOrDefault(k => k.UserIds.Contains(userId)) is { } present)
        {
            throw new StoreException(
                "PM4036", $"GnuPG holds a key of {ShownText.Of(userId)} already: {present.Fingerprint}",
                $"gpg --armor --export {present.Fingerprint} | pm key import --trust -");
        }
    }

    /// <summary>Makes an Ed25519 key in the user's GnuPG and gives its public half.</summary>
    /// <param name="userId">Name &lt;mail&gt;.</param>
    /// <param name="expires">As gpg has it: "3y", "2030-01-31", "never".</param>
    /// <param name="hasPassphrase">True: gpg-agent asks for one on <see cref="OpenPgpEnvironment.Terminal"/>.</param>
    /// <exception cref="StoreException">PM4036: there is such a key; PM4034: gpg refused.</exception>
    public PublicKey CreateKey(string userId, string expires, bool hasPassphrase, CancellationToken cancellation = default)
    {
        RequireNoKeyOf(userId, cancellation);
        string[] passphrase = hasPassphrase ? [] : ["--pinentry-mode", "loopback", "--passphrase", ""];
        var (result, status) = RunOfUser(
            [.. passphrase, "--quick-generate-key", "--", userId, "ed25519", "sign", expires], o => o, cancellation);
        var made = StatusFields(status, "KEY_CREATED");
        if (!result.IsSuccess || made is not [[_, var text, ..]] || !Fingerprint.TryParse(text, out var fingerprint))
        {
            throw Failed("the key could not be made", result, HomeHint());
        }
        var (exported, _) = RunOfUser(["--export", "--", fingerprint.ToString()], o => o, cancellation);
        return exported.IsSuccess && ShowKeys(exported.Output, cancellation) is [var listing]
            ? new PublicKey(listing, exported.Output)
            : throw Failed($"key {fingerprint} was made and cannot be exported", exported);
    }

    byte[] Sign(Fingerprint key, Func<ChildOptions, ChildOptions> feed, CancellationToken cancellation)
    {
        // Explicit where the user's gpg.conf could make a signature that pm itself would not accept.
        var (result, status) = RunOfUser(
            ["--local-user", key.ToString(), "--digest-algo", "SHA512", "--no-textmode",
                "--no-comments", "--no-emit-version", "--armor", "--output", "-", "--detach-sign", "--", "-"],
            feed, cancellation);
        var made = StatusFields(status, "SIG_CREATED");
        return !result.IsSuccess || made.Count == 0 ? throw Failed($"signing with {key}", result, SigningHint(result) ?? HomeHint())
            : made.Count > 1 ? throw Failed($"signing with {key}: gpg made {made.Count} signatures", result, "take `local-user` out of gpg.conf")
            : result.Output.ToArray();
    }

    (ChildResult Result, string Status) RunOfUser(
        IEnumerable<string> arguments, Func<ChildOptions, ChildOptions> change, CancellationToken cancellation)
    {
        using var directory = MakeDirectory();
        // A file, since the status must be known too when the run is cancelled.
        var status = directory.Write("status", default);
        // With a terminal somebody thinks about a passphrase, as long as it takes; ^C ends it.
        string[] asking = environment.Terminal is null ? ["--pinentry-mode", "error"] : [];
        var options = Options("gpg", [.. asking, .. Common, "--status-file", status, .. arguments]);
        var timeout = environment.Terminal is null ? Longest : Timeout.InfiniteTimeSpan;
        try
        {
            return (ChildProcess.Run(change(options with { Timeout = timeout }), cancellation), directory.ReadText("status"));
        }
        catch (OperationCanceledException)
        {
            EndPinentry(directory.ReadText("status"));
            throw;
        }
    }

    /// <summary>
    /// gpg-agent does not notice that gpg is gone while its pinentry waits: that would keep the terminal, and every later
    /// run would wait for it. Source: GnuPG doc/DETAILS, PINENTRY_LAUNCHED.
    /// </summary>
    static void EndPinentry(string status)
    {
        foreach (var fields in StatusFields(status, "PINENTRY_LAUNCHED"))
        {
            if (int.TryParse(fields[0], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
                && ProcessProbe.CommandLine(pid)?.Contains("pinentry", StringComparison.Ordinal) == true)
            {
                ProcessSignal.AskToEnd(pid);
            }
        }
    }

    static StoreException NoSecretKey(string? text, IReadOnlyList<KeyListing> unusable)
    {
        const string Hint = "pm key create \"NAME <MAIL>\"";
        if (unusable is [var key, ..])
        {
            var why = key.IsRevoked ? "is revoked" : key.IsExpired ? "is expired" : "is not for signing";
            return new StoreException("PM4035", $"the secret key of {ShownText.Of(key.UserId)} ({key.Fingerprint}) {why}", Hint);
        }
        return text is null
            ? new StoreException("PM4035", "GnuPG holds no secret key to sign with", Hint)
            : new StoreException("PM4035", $"GnuPG holds no secret key `{ShownText.Of(text)}`", "pm key list --secret");
    }

    /// <summary>For a passphrase that nobody could be asked for.</summary>
    string? SigningHint(ChildResult result) =>
        environment.Terminal is null && result.ErrorText.Contains("pinentry", StringComparison.OrdinalIgnoreCase)
            ? "run it on a terminal: the key has a passphrase, and gpg-agent does not have it"
            : null;

    /// <summary>For a home that GnuPG cannot work in.</summary>
    string? HomeHint()
    {
        if (Variable("GNUPGHOME") is not { } home)
        {
            return null;
        }
        return !Directory.Exists(home) ? $"mkdir -m 700 {home}"
            : Encoding.UTF8.GetByteCount(home) > LongestHome
                ? $"set GNUPGHOME to a shorter path: gpg-agent's sockets leave room for {LongestHome} bytes"
                : null;
    }

    static List<string[]> StatusFields(string text, string keyword) =>
    [
        .. text.Split('\n').Select(l => l.TrimEnd('\r').Split(' '))
            .Where(f => f.Length > 2 && f[0] == "[GNUPG:]" && f[1] == keyword).Select(f => f[2..]),
    ];
}

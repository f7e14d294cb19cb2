using System.Text;
using Pm.Linux;
using Pm.Storage.Keys;
using Pm.Trust;
using Pm.Trust.OpenPgp;

namespace Pm.Storage;

/// <summary>
/// Runs gpg and gpgv. Verifying and reading use a home of their own that nobody else sees and start no agent; only making
/// keys and signing use the user's GnuPG, and nothing there is asked for on a terminal that is not one.
/// </summary>
public sealed class OpenPgpProgram
{
    const int MaximumOutput = 64 * 1024 * 1024;

    static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(60);

    // A person may have to find a passphrase or touch a token.
    static readonly TimeSpan PersonTimeout = TimeSpan.FromMinutes(5);

    readonly OpenPgpEnvironment _environment;

    public OpenPgpProgram(OpenPgpEnvironment environment) => _environment = environment;

    /// <summary>Checks a detached signature against the keys of a ring.</summary>
    /// <param name="data">What was signed.</param>
    /// <param name="signature">Armoured or binary; empty: not signed.</param>
    /// <param name="ring">Public keys, one after the other, as <see cref="Keyring.RingBytes"/> gives them.</param>
    /// <exception cref="StoreException">PM4030: gpgv is not installed.</exception>
    public SignatureCheck Verify(
        ReadOnlyMemory<byte> data, ReadOnlyMemory<byte> signature, ReadOnlyMemory<byte> ring,
        CancellationToken cancellation = default)
    {
        if (signature.IsEmpty)
        {
            return new SignatureCheck.Missing();
        }
        using var home = new PrivateHome(_environment.Scratch);
        var keys = home.Put("ring.gpg", ring.Span);
        var detached = home.Put("signature", signature.Span);
        var signed = home.Put("data", data.Span);
        string[] arguments =
            ["--homedir", home.Path, "--status-fd", "1", "--keyring", keys, "--", detached, signed];
        // The exit code adds nothing to the status lines, and a good one proves nothing.
        return GpgStatus.Parse(Run("gpgv", arguments, ReadTimeout, default, cancellation).OutputText);
    }

    /// <summary>The keys that the user's GnuPG can sign with now.</summary>
    /// <exception cref="StoreException">PM4030: gpg is not installed; PM4034: it refused.</exception>
    public IReadOnlyList<SecretKey> SecretKeys(CancellationToken cancellation = default)
    {
        var result = Run("gpg", ["--batch", "--with-colons", "--list-secret-keys"], ReadTimeout, default, cancellation);
        return [.. KeyListing.Parse(result.OutputText)
            .Where(k => k is { IsRevoked: false, IsExpired: false })
            .Select(k => new SecretKey(k.Fingerprint, k.UserId))];
    }

    /// <summary>The one key to sign with.</summary>
    /// <param name="selector">A fingerprint, key id or part of a user id (PM_PGP_ID, PM_PGP_EMAIL); null: the only one.</param>
    /// <exception cref="StoreException">PM4035: none or several fit.</exception>
    public SecretKey ChooseSecretKey(string? selector, CancellationToken cancellation = default)
    {
        var all = SecretKeys(cancellation);
        var fitting = selector is null ? all : [.. all.Where(k => KeySelector.Fits(selector, k.Fingerprint, k.UserId))];
        var wanted = selector is null ? "" : $" for `{ShownText.Of(selector)}`";
        return fitting switch
        {
            [var one] => one,
            [] => throw new StoreException("PM4035", $"gpg holds no secret key{wanted} that can sign", "pm key create"),
            _ => throw new StoreException(
                "PM4035", $"gpg holds {fitting.Count} secret keys{wanted}: {string.Join(", ", fitting.Select(k => k.Fingerprint))}",
                $"PM_PGP_ID={fitting[0].Fingerprint} pm …"),
        };
    }

    /// <summary>Makes an armoured detached signature with a key of the user's GnuPG.</summary>
    /// <exception cref="StoreException">PM4030: gpg is not installed; PM4034: it refused.</exception>
    public byte[] Sign(ReadOnlyMemory<byte> data, Fingerprint key, CancellationToken cancellation = default)
    {
        string[] arguments =
        [
            "--batch", "--yes", "--armor", "--digest-algo", "SHA256", "--local-user", key.ToString(), "--detach-sign",
            "--output", "-",
        ];
        return Require(Run("gpg", arguments, PersonTimeout, data, cancellation), "sign").Output.ToArray();
    }

    /// <summary>Makes a signing key (Ed25519) in the user's GnuPG.</summary>
    /// <param name="userId"><c>Name (pm) &lt;mail@host&gt;</c>.</param>
    /// <param name="passphrase">Empty: the key is protected by the file's mode alone.</param>
    /// <param name="validity">As GnuPG writes it: <c>2y</c>, <c>0</c> for ever.</param>
    /// <returns>The fingerprint and the public key, binary.</returns>
    /// <exception cref="StoreException">PM4030: gpg is not installed; PM4034: it refused.</exception>
    public (Fingerprint Fingerprint, byte[] PublicKey) CreateKey(
        string userId, string passphrase, string validity = "2y", CancellationToken cancellation = default)
    {
        // Loopback: no window or terminal is asked, and the passphrase is read from a pipe, so no list of processes shows it.
        string[] arguments =
        [
            "--batch", "--status-fd", "1", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--quick-generate-key",
            userId, "ed25519", "sign", validity,
        ];
        var input = Encoding.UTF8.GetBytes(passphrase + "\n");
        var made = Require(Run("gpg", arguments, PersonTimeout, input, cancellation), "make a key");
        var line = made.OutputText.Split('\n').FirstOrDefault(l => l.StartsWith("[GNUPG:] KEY_CREATED ", StringComparison.Ordinal));
        return Fingerprint.TryParse(line?.Split(' ').LastOrDefault(f => f.Length == Fingerprint.TextLength), out var fingerprint)
            ? (fingerprint, ExportPublic(fingerprint, cancellation))
            : throw new StoreException("PM4034", "gpg did not say which key it made");
    }

    /// <summary>The public part of a key of the user's GnuPG, binary.</summary>
    /// <exception cref="StoreException">PM4034: there is none.</exception>
    public byte[] ExportPublic(Fingerprint key, CancellationToken cancellation = default)
    {
        var result = Require(Run("gpg", ["--batch", "--export", key.ToString()], ReadTimeout, default, cancellation), "export a key");
        return result.Output.IsEmpty
            ? throw new StoreException("PM4034", $"gpg holds no key {key}")
            : result.Output.ToArray();
    }

    /// <summary>Takes a file of keys apart, in a home of its own.</summary>
    /// <param name="file">Armoured or binary, any number of keys.</param>
    /// <param name="where">The file's name, for the message.</param>
    /// <exception cref="StoreException">PM4031: no key in it; PM4032: a secret one; PM4030: gpg is not installed.</exception>
    internal IReadOnlyList<(ListedKey Key, byte[] Bytes)> ReadPublicKeys(
        ReadOnlyMemory<byte> file, string where, CancellationToken cancellation)
    {
        using var home = new PrivateHome(_environment.Scratch);
        var path = home.Put("keys", file.Span);
        string[] common = ["--homedir", home.Path, "--batch", "--no-tty", "--no-autostart", "--with-colons"];
        var shown = KeyListing.Parse(Run("gpg", [.. common, "--show-keys", "--", path], ReadTimeout, default, cancellation).OutputText);
        RequirePublic(shown, where);
        Run("gpg", [.. common, "--import-options", "import-clean", "--import", "--", path], ReadTimeout, default, cancellation);
        var kept = KeyListing.Parse(Run("gpg", [.. common, "--list-keys"], ReadTimeout, default, cancellation).OutputText);
        var keys = kept.Select(k => (k, Run(
            "gpg", [.. common, "--export", k.Fingerprint.ToString()], ReadTimeout, default, cancellation).Output.ToArray())).ToList();
        return keys.Count == 0 || keys.Exists(k => k.Item2.Length == 0)
            ? throw new StoreException("PM4031", $"{where}: GnuPG cannot read the key in it")
            : keys;
    }

    static void RequirePublic(List<ListedKey> shown, string where)
    {
        if (shown.Find(k => k.IsSecret) is { } secret)
        {
            throw new StoreException(
                "PM4032", $"{where}: holds the secret key {secret.Fingerprint}; the ring is for public keys",
                $"gpg --armor --export {secret.Fingerprint}");
        }
        if (shown.Count == 0)
        {
            throw new StoreException("PM4031", $"{where}: no OpenPGP public key in it");
        }
    }

    static ChildResult Require(ChildResult result, string what)
    {
        if (result.IsSuccess)
        {
            return result;
        }
        var said = result.ErrorText.Split('\n', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? result.ToString();
        throw new StoreException("PM4034", $"gpg could not {what}: {ShownText.Of(said)}");
    }

    ChildResult Run(
        string program, IReadOnlyList<string> arguments, TimeSpan timeout, ReadOnlyMemory<byte> input,
        CancellationToken cancellation)
    {
        var options = new ChildOptions
        {
            FileName = program,
            Arguments = arguments,
            Environment = _environment.Variables,
            SearchPath = _environment.Variables.GetValueOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin"),
            Input = input,
            OutputLimit = MaximumOutput,
            Timeout = timeout,
        };
        try
        {
            return ChildProcess.Run(options, cancellation);
        }
        catch (SystemCallException e) when (e.Errno == Errno.ENOENT)
        {
            var package = program == "gpgv" ? "gpgv" : "gnupg";
            throw new StoreException("PM4030", $"{program} is not installed", $"apt-get install {package}", e);
        }
    }
}

namespace Pm.Cli.Configuration;

/// <summary>What must not be kept in a file that is copied, shown and backed up without a thought.</summary>
static class SecretNames
{
    static readonly string[] Parts = ["token", "password", "passwd", "passphrase", "pass-phrase", "pass_phrase", "secret", "credential", "private-key", "private_key", "api-key", "api_key"];

    /// <summary>Whether a key is called as secrets are.</summary>
    public static bool Has(string name) => Parts.Any(part => name.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary>Where a secret goes instead.</summary>
    public static string Hint(Setting? setting) => setting == SettingTable.Proxy
        ? "leave the password out here, and give the whole URL in PM_PROXY"
        : "`pm token login URL` keeps tokens, gpg-agent the pass phrases of keys";
}

using Pm.Cli.Commands.Keys;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Checks;

/// <summary>Checks of the keys that packages are accepted by.</summary>
static class KeyChecks
{
    /// <summary>Time enough to get the publisher's renewed key.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>Packages signed by an expired key are no longer accepted, whenever they were signed.</summary>
    public static Finding Expiry(PmContext context)
    {
        var now = context.Time.GetUtcNow();
        var trusted = Keyring.OpenAt(context.Settings.Root).Records.Where(r => r.State is TrustState.Trusted).ToList();
        var ending = trusted.Where(r => r.Expires <= now + Soon).OrderBy(r => r.Expires).ToList();
        if (ending.Count == 0)
        {
            return Finding.Good($"{trusted.Count} trusted");
        }

        var texts = ending.Select(r => $"{r.UserId} ({r.Fingerprint}) {(r.Expires <= now ? "" : "expires ")}{KeyTimes.Expiry(r.Expires, now)}");
        return new Finding(
            CheckState.Warning, string.Join("; ", texts), "get the renewed key from its owner: `pm key import --trust FILE`");
    }
}

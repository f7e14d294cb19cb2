using Pm.Cli.Output;
using Pm.Storage;
using Pm.Storage.Keys;
using Pm.Trust.OpenPgp;

namespace Pm.Cli.Roots;

/// <summary>
/// What comes back to a root was let in when it came first; its signer may have been withdrawn since. Going back is never refused for that,
/// since it may be what mends a machine, but it is told.
/// </summary>
static class DistrustedSigners
{
    /// <param name="context">Where it is told.</param>
    /// <param name="root">Whose ring counts.</param>
    /// <param name="changes">What changes; only what comes is looked at.</param>
    public static void Tell(PmContext context, Root root, IEnumerable<PackageChange> changes)
    {
        var ring = new Lazy<Keyring>(() => Keyring.Open(root));
        foreach (var package in changes.Where(c => c.New is { Signer: not null } coming && c.Old?.Hash != coming.Hash).Select(c => c.New!))
        {
            var key = ring.Value.Keys.GetValueOrDefault(package.Signer!.Value);
            if (key?.State is TrustState.Trusted)
            {
                continue;
            }

            var state = key?.State switch
            {
                null => "is not in the ring any more",
                TrustState.Revoked => "was revoked",
                _ => "is not trusted any more",
            };
            context.Terminal.Say(Hostile.OneLine(
                $"{package.Id}: its signer {package.Signer}{(key is null ? "" : $" ({key.UserId})")} {state}; it comes back as it was: `pm remove {package.Id.Name}` takes it away"));
        }
    }
}

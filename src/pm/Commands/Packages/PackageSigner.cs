using Pm.Cli.Configuration;
using Pm.Cli.Roots;
using Pm.Storage;
using Pm.Storage.Keys;

namespace Pm.Cli.Commands.Packages;

/// <summary>The secret key that signs a package: named, or the only one there is.</summary>
static class PackageSigner
{
    /// <summary>The key to sign with; null where none was asked for and there is none.</summary>
    /// <param name="context">For gpg's environment and the setting signing-key.</param>
    /// <param name="named">What <c>--key</c> says.</param>
    /// <exception cref="StoreException">PM4030, PM4035: gpg is missing, or no one key fits.</exception>
    public static KeyListing? Choose(PmContext context, string? named)
    {
        var program = Signatures.Program(context);
        var isAsked = (named ?? context.Sources.Get(SettingTable.SigningKey)) is not null;
        try
        {
            return isAsked || program.SecretKeys(context.Cancellation).Count > 0
                ? program.ChooseSecretKey(named, context.Cancellation)
                : null;
        }
        catch (StoreException e) when (e.Code == "PM4030" && !isAsked)
        {
            return null;
        }
    }

    public static Func<ReadOnlyMemory<byte>, ReadOnlyMemory<byte>>? With(PmContext context, KeyListing? key) =>
        key is null ? null : manifest => Signatures.Program(context).Sign(manifest, key.Fingerprint, context.Cancellation);
}

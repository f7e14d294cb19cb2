using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Pm.Daemon.Pages.Repositories;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Repositories.Serving;

namespace Pm.Daemon.Pages.Packages;

/// <summary>Who stands behind a package, and by which digests it is known.</summary>
/// <param name="Signer">Primary OpenPGP fingerprint of its publisher; absent: nobody signed it.</param>
/// <param name="SignerName">As the key has it; its owner chose it.</param>
/// <param name="SignerKeyUrl">Where the public key is; absent where it is not handed out.</param>
/// <param name="SignerKeyImport">The command that brings it into a root's ring; absent as that is.</param>
/// <param name="Hash">The package hash; absent where it travels as its <c>.pkg</c> alone.</param>
/// <param name="ContentHash">The same for versions that install the same; absent where the package was not looked into.</param>
/// <param name="PkgSha256">Of the publisher's <c>.pkg</c>.</param>
/// <param name="PkgUrl">Where that is.</param>
/// <param name="MetadataKeys">The keys that may sign the list of packages.</param>
/// <param name="MetadataVersion">Of that list.</param>
/// <param name="MetadataExpires">Until when clients believe what the repository says.</param>
/// <param name="IsExpired">Whether they do no more.</param>
public sealed record PackageTrust(
    string? Signer,
    string? SignerName,
    string? SignerKeyUrl,
    string? SignerKeyImport,
    string? Hash,
    string? ContentHash,
    string? PkgSha256,
    string PkgUrl,
    ImmutableArray<string> MetadataKeys,
    long MetadataVersion,
    DateTimeOffset MetadataExpires,
    [property: JsonPropertyName("expired")] bool IsExpired)
{
    const int MostKeys = 5;

    /// <param name="request">How who asks reached the server.</param>
    /// <param name="repository">Where it is.</param>
    /// <param name="target">The package.</param>
    /// <param name="opened">Its metadata, where that was looked into.</param>
    /// <param name="now">The time.</param>
    internal static PackageTrust Of(HttpRequest request, ServedRepository repository, PublishedTarget target, Package? opened, DateTimeOffset now)
    {
        var view = repository.Catalogue.View;
        var key = target.Package.Signer is { } signer ? repository.FindPublisher(signer) : null;
        var role = view.Roles.First(role => role.Name == "targets");
        return new PackageTrust(
            target.Package.Signer,
            PublisherLine.NameOf(key),
            key is null ? null : PageUrls.PublisherKey(repository.Namespace, key.Fingerprint.ToString()),
            key is null ? null : BaseUrl.KeyImport(request, repository, key.Fingerprint.ToString()),
            target.Package.Hash?.ToString(),
            opened?.ContentHash.ToString(),
            target.PkgDigest?.ToString(),
            PageUrls.Pkg(repository.Namespace, target.PkgName),
            [.. role.Keys.KeyIds.Take(MostKeys)],
            role.Version,
            view.Expires,
            view.Expires <= now);
    }
}

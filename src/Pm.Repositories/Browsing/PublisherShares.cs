using System.Collections.Immutable;
using Pm.Packages.Index;

namespace Pm.Repositories.Browsing;

/// <summary>Who signed what a repository has.</summary>
sealed class PublisherShares(IEnumerable<PublishedTarget> packages)
{
    /// <summary>Most versions first.</summary>
    public ImmutableArray<PublisherShare> All { get; } =
    [
        .. packages.CountBy(target => target.Package.Signer ?? "")
            .Select(pair => new PublisherShare(pair.Key.Length == 0 ? null : pair.Key, pair.Value))
            .OrderByDescending(share => share.Versions)
            .ThenBy(share => share.Fingerprint, StringComparer.Ordinal),
    ];
}

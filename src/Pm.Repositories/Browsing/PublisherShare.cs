using System.Collections.Immutable;
using Pm.Packages.Index;

namespace Pm.Repositories.Browsing;

/// <summary>A publisher and how many versions are theirs.</summary>
/// <param name="Fingerprint">Of the primary key; null: what nobody signed.</param>
/// <param name="Versions">How many versions they signed.</param>
public sealed record PublisherShare(string? Fingerprint, int Versions)
{
    internal static ImmutableArray<PublisherShare> Of(IEnumerable<PublishedTarget> packages) =>
    [
        .. packages.CountBy(target => target.Package.Signer ?? "")
            .Select(pair => new PublisherShare(pair.Key.Length == 0 ? null : pair.Key, pair.Value))
            .OrderByDescending(share => share.Versions)
            .ThenBy(share => share.Fingerprint, StringComparer.Ordinal),
    ];
}

using System.Collections.Immutable;
using Pm.Packages;
using Pm.Packages.Index;
using Pm.Resolution;
using Pm.Stages.Changes;
using Pm.Stages.Roots;
using Pm.Storage;

namespace Pm.Stages.Looking;

/// <summary>An installed package that a remote has something newer of, or that was withdrawn.</summary>
/// <param name="Installed">As it is.</param>
/// <param name="Wanted">The version an update would bring; null: the package would go.</param>
/// <param name="Latest">The newest that is offered and not yanked; null: all that is offered is yanked.</param>
/// <param name="Offer">What the remote says of the installed version; null: nothing any more.</param>
public sealed record OutdatedPackage(
    InstalledPackage Installed, PackageVersion? Wanted, AvailablePackage? Latest, AvailablePackage? Offer)
{
    /// <summary>Whether the installed version was withdrawn.</summary>
    public bool IsYanked => Offer is { IsYanked: true };

    /// <summary>All of a root, sorted by name, by what the last pull brought.</summary>
    public static ImmutableArray<OutdatedPackage> Of(RootSession session, MinimumAge? age = null)
    {
        ArgumentNullException.ThrowIfNull(session);
        var index = session.Catalogue.Index;
        var offered = (session.Root.Current?.Packages ?? []).Where(p => index.Versions(p.Id.Name).Count > 0)
            .Select(p => new OutdatedPackage(p, p.Id.Version, index.Newest(p.Id.Name), index.Find(p.Id)))
            .Where(o => o.IsYanked || (o.Latest is { } latest && IsNewer(latest.Version, o.Installed.Id.Version))).ToList();
        if (offered.Count == 0)
        {
            return [];
        }

        // A contradiction keeps everything as it is, as the update would.
        return Proposer.Of(session, age).Update([]) is ProposalResult.Possible { Proposal: var proposal }
            ? [.. offered.Select(o => o with { Wanted = VersionIn(proposal, o.Installed.Id.Name) })]
            : [.. offered];
    }

    /// <summary>What differs in build metadata alone is not newer (SemVer 10).</summary>
    static bool IsNewer(PackageVersion latest, PackageVersion there) => latest > there && !latest.HasPrecedenceOf(there);

    static PackageVersion? VersionIn(Proposal proposal, PackageName name) =>
        proposal.Packages.FirstOrDefault(p => p.Id.Name == name)?.Id.Version;
}
